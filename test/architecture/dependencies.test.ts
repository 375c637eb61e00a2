import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { importsOf, root, sourcesBelow } from "./sources.ts";

/** Folders of core by how far from the ground they stand: each may import its own floor and those below. */
const floors: string[][] = [
  ["core/platform"],
  ["core/errors", "core/oci", "core/steps", "core/http", "core/filters"],
  ["core/files", "core/archive", "core/content"],
  [
    "core/tasks",
    "core/snapshots",
    "core/volumes",
    "core/networks",
    "core/events",
    "core/logs",
    "core/images",
    "core/containers",
    "core/distribution",
  ],
  ["core/build", "core/engine"],
  ["core/api"],
  ["core/client"],
  ["core/cli"],
  ["core/simulation"],
  ["core/session"],
];

/** Imports against the direction that are meant, and why. */
const meant: Record<string, string> = {
  "core/build -> core/engine": "the builder's adapter gives Docker's errors the engine's kinds",
};

const folderOf = (path: string) => path.split("/").slice(0, 2).join("/");
const floorOf = (path: string) => floors.findIndex((floor) => floor.includes(folderOf(path)));

const offences = (folder: string, wrong: (from: string, to: string) => boolean) =>
  sourcesBelow(folder).flatMap((from) =>
    importsOf(from)
      .filter((to) => wrong(from, to))
      .map((to) => `${from} -> ${to}`),
  );

test("every folder of core has its floor", () => {
  expect(sourcesBelow("core").filter((path) => path.split("/").length > 2 && floorOf(path) < 0)).toEqual([]);
});

test("dependencies in core point downwards", () => {
  const upwards = offences("core", (from, to) => to.startsWith("core/") && floorOf(to) > floorOf(from));
  expect(upwards.filter((each) => !meant[each.split(" -> ").map(folderOf).join(" -> ")])).toEqual([]);
});

test("core knows neither Node nor the DOM, and only these packages", () => {
  const allowed = /^(@noble\/hashes\/|fflate$|fzstd$)/;
  expect(offences("core", (_from, to) => !to.startsWith("core/") && !allowed.test(to))).toEqual([]);
});

test("the command line knows the API alone", () => {
  const known = /^core\/(cli|client|api|platform|errors|archive|oci|files)\//;
  expect(offences("core/cli", (_from, to) => to.startsWith("core/") && !known.test(to))).toEqual([]);
  const contract = /^core\/api\/(exchange|stdcopy|types)/;
  expect(offences("core/cli", (_from, to) => to.startsWith("core/api/") && !contract.test(to))).toEqual([]);
});

test("the engine does not know which world it is in", () => {
  for (const folder of ["core/engine", "core/api", "core/build", "core/client", "core/cli"]) {
    expect(offences(folder, (_from, to) => to.startsWith("core/simulation/"))).toEqual([]);
  }
});

test("in the simulated world the kernel knows no shell, the shell no program", () => {
  const inside = (folder: string, known: RegExp) =>
    offences(
      `core/simulation/${folder}`,
      (_from, to) => to.startsWith("core/simulation/") && !known.test(to),
    );
  expect(inside("kernel", /^core\/simulation\/(kernel|network)\//)).toEqual([]);
  expect(inside("shell", /^core\/simulation\/(kernel|shell)\//)).toEqual([]);
});

test("the page talks to the API; only its worker puts a machine together", () => {
  const known = /^(web\/|core\/(api\/(exchange|link)|platform\/|session\/log))/;
  const page = (from: string) => from !== "web/engine/worker.ts";
  expect(offences("web", (from, to) => page(from) && to.startsWith("core/") && !known.test(to))).toEqual([]);
});

test("nothing is called after what everything is", () => {
  expect(
    sourcesBelow("core").filter((path) => /(utils?|helpers?|manager|impl|common|misc)\b/i.test(path)),
  ).toEqual([]);
  expect(sourcesBelow("core").filter((path) => /(^|\/)index\.ts$/.test(path))).toEqual([]);
});

test("nothing names this workplace", () => {
  const names = /\/work\/|\/var\/tmp\/docker-reference|registry\.npmjs|deb\.debian\.org/;
  const folders = ["core", "node-backend", "web", "test"]
    .flatMap(sourcesBelow)
    .filter((path) => !path.startsWith("test/architecture/"));
  expect(folders.filter((path) => names.test(readFileSync(join(root, path), "utf8")))).toEqual([]);
});
