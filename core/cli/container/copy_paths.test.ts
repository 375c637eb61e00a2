import { expect, test } from "vitest";
import { keepEnding, planCopy, resolvedPlace, splitEntry } from "./copy_paths.ts";
import type { CopyPlace } from "./copy_paths.ts";

const place = (path: string, kind: "file" | "directory" | "nothing", rebaseName = ""): CopyPlace => ({
  path,
  exists: kind !== "nothing",
  isDirectory: kind === "directory",
  rebaseName,
});

/** Where `names` of the archive of `source` arrive. */
function arrive(source: CopyPlace, destination: CopyPlace, ...names: string[]): string[] {
  const { directory, rename } = planCopy(source, destination);
  return names.map((name) => `${directory} ${rename(name)}`);
}

test("what is copied keeps its name in a directory, and takes the name of what is not there", () => {
  const file = place("/a/f", "file");
  const directory = place("/a/d", "directory");
  expect(arrive(file, place("/t", "directory"), "f")).toEqual(["/t f"]);
  expect(arrive(file, place("/t/new", "nothing"), "f")).toEqual(["/t new"]);
  expect(arrive(file, place("/t/old", "file"), "f")).toEqual(["/t old"]);
  expect(arrive(directory, place("/t", "directory"), "d/", "d/e")).toEqual(["/t d/", "/t d/e"]);
  expect(arrive(directory, place("/t/new", "nothing"), "d/", "d/e")).toEqual(["/t new/", "/t new/e"]);
  expect(arrive(place("/a/d/.", "directory"), place("/t/new", "nothing"), "./", "./e")).toEqual([
    "/t new/",
    "/t new/e",
  ]);
  expect(arrive(place("/a/link", "file", "named"), place("/t/new", "nothing"), "named")).toEqual(["/t new"]);
});

test("a file cannot become a directory, nor a directory a file", () => {
  expect(() => planCopy(place("/a/d", "directory"), place("/t/f", "file"))).toThrow("cannot copy directory");
  expect(() => planCopy(place("/a/f", "file"), place("/t/new/", "nothing"))).toThrow("no such directory");
});

test("the end of a path says whether its directory or what is in it is meant", () => {
  expect(keepEnding("/a/b", "b/.")).toBe("/a/b/.");
  expect(keepEnding("/a/b", "b/")).toBe("/a/b/");
  expect(keepEnding("/", "/.")).toBe("/.");
  expect(splitEntry("/a/b/.")).toEqual(["/a/b", "."]);
  expect(splitEntry("/a/b/")).toEqual(["/a", "b"]);
  expect(resolvedPlace("/l", "/target")).toEqual({ path: "/target", rebaseName: "l" });
  expect(resolvedPlace("/l/", "/l")).toEqual({ path: "/l/", rebaseName: "" });
});
