import { describe, expect, it } from "vitest";
import { bytesContent } from "../files/content.ts";
import type { Inode } from "../files/filesystem.ts";
import { MemoryFileSystem } from "../files/memory.ts";
import { Tree } from "../files/tree.ts";
import { text, utf8 } from "../platform/bytes.ts";
import type { NewTarEntry } from "./entry.ts";
import { packTree } from "./pack.ts";
import { parseTar } from "./read.ts";
import { unpack } from "./unpack.ts";
import type { UnpackOptions } from "./unpack.ts";
import { TarBuilder } from "./write.ts";

const tree = () => new Tree(new MemoryFileSystem({ now: () => 5_000_000_000n }).root);
const file = (name: string, content = ""): NewTarEntry => ({
  name,
  kind: "file",
  mode: 0o644,
  content: bytesContent(utf8(content)),
});
const directory = (name: string): NewTarEntry => ({ name, kind: "directory", mode: 0o755 });
const link = (kind: "symlink" | "hardlink", name: string, linkname: string): NewTarEntry => ({
  name,
  kind,
  mode: 0o777,
  linkname,
});

function extract(into: Tree, entries: NewTarEntry[], options?: UnpackOptions, path = "/"): void {
  const builder = new TarBuilder();
  for (const entry of entries) builder.add(entry);
  unpack(into, path, parseTar(builder.finish()), options);
}

function show(into: Tree, path = "/", directory: Inode = into.root): string[] {
  return into.list(path, directory).flatMap(([name, inode]) => {
    const here = `${path === "/" ? "" : path}/${name}`;
    if (inode.kind === "directory") return [`${here}/`, ...show(into, here, inode)];
    if (inode.kind === "file") return [`${here}=${text(inode.read(0, 99))}`];
    return [`${here} ${inode.kind}`];
  });
}

describe("unpacking", () => {
  it("makes what the archive holds, and the directories it leaves out", () => {
    const into = tree();
    extract(into, [
      file("a/b/c", "1"),
      directory("./a"),
      link("hardlink", "d", "a/b/c"),
      link("symlink", "e", "a"),
    ]);
    expect(show(into)).toEqual(["/a/", "/a/b/", "/a/b/c=1", "/d=1", "/e symlink"]);
    expect(into.inode("/d").attributes()).toMatchObject({ nlink: 2, mtime: 0n });
    expect(into.inode("/a").attributes().mtime).toBe(0n);
    expect(into.inode("/a/b").attributes().mtime).toBe(5_000_000_000n);
  });

  it("replaces files and keeps directories", () => {
    const into = tree();
    extract(into, [directory("d"), file("d/x", "old"), file("d/y", "y"), file("z", "z")]);
    extract(into, [directory("d"), file("d/x", "new"), directory("z")]);
    expect(show(into)).toEqual(["/d/", "/d/x=new", "/d/y=y", "/z/"]);
    const refusing = { noOverwriteDirNonDir: true };
    expect(() => extract(into, [file("d")], refusing)).toThrow(
      'cannot overwrite directory "/d" with non-directory "/"',
    );
    expect(() => extract(into, [directory("d/x")], refusing)).toThrow(
      'cannot overwrite non-directory "/d/x" with directory "/"',
    );
  });

  it("follows symbolic links inside the root alone", () => {
    const into = tree();
    extract(into, [link("symlink", "l", "/etc"), directory("etc"), file("l/inside", "x")]);
    expect(show(into)).toEqual(["/etc/", "/etc/inside=x", "/l symlink"]);
    expect(() => extract(into, [link("symlink", "up", "../../.."), file("up/evil")])).toThrow(
      "statat up: path escapes from parent",
    );
  });

  it("refuses names and links that lead out, before anything is changed", () => {
    const cases: [NewTarEntry, string, UnpackOptions?][] = [
      [file("../evil"), 'invalid entry name "../evil"'],
      [file("a/../../evil"), 'invalid entry name "a/../../evil"'],
      [link("hardlink", "h", "../../etc/passwd"), 'invalid hardlink target "../../etc/passwd"'],
      [file("a/.wh..."), 'invalid whiteout entry "a/.wh..."', { whiteouts: "overlay" }],
      [file("a/.wh."), 'invalid whiteout entry "a/.wh."', { whiteouts: "overlay" }],
    ];
    for (const [entry, message, options] of cases) {
      const into = tree();
      expect(() => extract(into, [file("first"), entry], options)).toThrow(message);
      expect(show(into)).toEqual([]);
    }
    expect(() => extract(tree(), [link("hardlink", "h", "/etc/passwd")])).toThrow(
      "linkat etc/passwd h: no such file or directory",
    );
  });

  it("does what whiteouts say, either way, and a layer packs again as it was", () => {
    const into = tree();
    extract(into, [file("gone"), file("d/old"), file("d/sub/older"), file("stay")]);
    extract(into, [file(".wh.gone"), file("d/.wh..wh..opq"), file("d/new", "n"), file(".wh.missing")], {
      whiteouts: "delete",
    });
    expect(show(into)).toEqual(["/d/", "/d/new=n", "/stay="]);
    const layer = tree();
    extract(layer, [file(".wh.gone"), directory("d"), file("d/.wh..wh..opq"), file("d/new", "n")], {
      whiteouts: "overlay",
    });
    expect(show(layer)).toEqual(["/d/", "/d/new=n", "/gone character"]);
    const names = [...parseTar(packTree(layer, "/", { name: "", whiteouts: true }))].map(({ name }) => name);
    expect(names).toEqual(["d/", "d/.wh..wh..opq", "d/new", ".wh.gone"]);
  });
});
