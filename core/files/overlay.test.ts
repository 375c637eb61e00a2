import { describe, expect, it } from "vitest";
import { text, utf8 } from "../platform/bytes.ts";
import type { Inode, NewInode } from "./filesystem.ts";
import { MemoryFileSystem } from "./memory.ts";
import { OverlayFileSystem } from "./overlay.ts";
import { Tree } from "./tree.ts";
import { isOpaque, isWhiteout } from "./whiteout.ts";

const file: NewInode = { kind: "file", mode: 0o644, uid: 0, gid: 0 };
const directory: NewInode = { kind: "directory", mode: 0o755, uid: 0, gid: 0 };
const failing = (code: string) => expect.objectContaining({ code });

/** An overlay of `below` (nearest first; a value is a file's text, null a directory) under an empty upper directory. */
function overlay(...below: Record<string, string | null>[]) {
  let now = 0n;
  const disk = new MemoryFileSystem({ now: () => ++now });
  const lowers = below.map((paths, index) => {
    const lower = disk.root.create(`lower${index}`, directory);
    for (const [path, content] of Object.entries(paths)) {
      const tree = new Tree(lower);
      if (content === null) tree.mkdir(path, directory);
      else {
        const place = tree.locate(path);
        place.parent.create(place.name, file).write(0, utf8(content));
      }
    }
    return lower;
  });
  const upper = disk.root.create("upper", directory);
  return { root: new OverlayFileSystem({ lowers, upper }).root as Inode, upper, lowers };
}

/** A line for each path: whiteouts "-", opaque directories "!", files with their text. */
function show(directory: Inode, prefix = ""): string[] {
  const lines: string[] = [];
  for (const [name, inode] of [...directory.entries()].sort(([a], [b]) => (a < b ? -1 : 1))) {
    if (isWhiteout(inode)) lines.push(`-${prefix}${name}`);
    else if (inode.kind === "file") lines.push(`${prefix}${name}=${text(inode.read(0, 99))}`);
    else if (inode.kind === "directory")
      lines.push(`${prefix}${name}/${isOpaque(inode) ? "!" : ""}`, ...show(inode, `${prefix}${name}/`));
  }
  return lines;
}

describe("an overlay", () => {
  it("shows its directories merged, the nearest first", () => {
    const { root } = overlay(
      { etc: null, "etc/a": "near" },
      { etc: null, "etc/a": "far", "etc/b": "b", top: "t" },
    );
    expect(show(root)).toEqual(["etc/", "etc/a=near", "etc/b=b", "top=t"]);
  });

  it("copies up a whole file with its directories at the first change, and keeps the lower one", () => {
    const { root, upper, lowers } = overlay({ d: null, "d/e": null, "d/e/f": "hello", "d/other": "o" });
    const f = new Tree(root).inode("/d/e/f");
    const ino = f.attributes().ino;
    const times = root.lookup("d")!.attributes().mtime;
    f.write(4, utf8("!"));
    expect(show(upper)).toEqual(["d/", "d/e/", "d/e/f=hell!"]);
    expect(show(lowers[0]!)).toContain("d/e/f=hello");
    expect(new Tree(root).inode("/d/e/f")).toBe(f);
    expect(f.attributes().ino).toBe(ino);
    expect(root.lookup("d")!.attributes().mtime).toBe(times);
  });

  it("copies up for a change of mode alone, or when it is opened for writing", () => {
    const { root, upper } = overlay({ a: "a", b: "b", c: "c" });
    root.lookup("a")!.setAttributes({ mode: 0o600 });
    root.lookup("b")!.willWrite!();
    expect(show(upper)).toEqual(["a=a", "b=b"]);
    expect(root.lookup("a")!.attributes().mode).toBe(0o600);
  });

  it("leaves a whiteout for what it deletes below, nothing for what was only above", () => {
    const { root, upper } = overlay({ a: "a", d: null, "d/x": "x" });
    root.create("new", file);
    root.unlink("new");
    root.unlink("a");
    expect(() => root.rmdir("d")).toThrow(failing("ENOTEMPTY"));
    root.lookup("d")!.unlink("x");
    root.rmdir("d");
    expect(show(upper)).toEqual(["-a", "-d"]);
    expect(show(root)).toEqual([]);
    expect(() => root.unlink("a")).toThrow(failing("ENOENT"));
  });

  it("makes a directory opaque where one was deleted", () => {
    const { root, upper } = overlay({ d: null, "d/x": "x" }, { d: null, "d/y": "y" });
    const d = root.lookup("d")!;
    d.unlink("x");
    d.unlink("y");
    root.rmdir("d");
    root.create("d", directory).create("z", file).write(0, utf8("z"));
    expect(show(upper)).toEqual(["d/!", "d/z=z"]);
    expect(show(root)).toEqual(["d/", "d/z=z"]);
    expect(root.lookup("d")!.listxattr()).toEqual([]);
  });

  it("renames files, and directories that exist above alone", () => {
    const { root, upper } = overlay({ d: null, "d/x": "x", f: "f", g: "g" });
    expect(() => root.rename("d", root, "e")).toThrow(failing("EXDEV"));
    root.rename("f", root, "g");
    root.create("new", directory).create("i", file);
    root.rename("new", root, "moved");
    expect(show(root)).toEqual(["d/", "d/x=x", "g=f", "moved/", "moved/i="]);
    expect(show(upper)).toEqual(["-f", "g=f", "moved/", "moved/i="]);
  });

  it("puts a new directory over a deleted one without what was below", () => {
    const { root, upper } = overlay({ d: null, "d/x": "x" });
    root.lookup("d")!.unlink("x");
    root.create("new", directory);
    root.rename("new", root, "d");
    expect(show(upper)).toEqual(["d/!"]);
    expect(show(root)).toEqual(["d/"]);
  });

  it("breaks hard links that exist below, keeps those above", () => {
    const { root, lowers, upper } = overlay({ a: "same" });
    lowers[0]!.link("b", lowers[0]!.lookup("a")!);
    root.lookup("a")!.write(0, utf8("DIFF"));
    expect(show(root)).toEqual(["a=DIFF", "b=same"]);
    root.link("c", root.lookup("a")!);
    root.lookup("c")!.write(0, utf8("BOTH"));
    expect(show(upper)).toEqual(["a=BOTH", "c=BOTH"]);
    expect(root.lookup("a")).toBe(root.lookup("c"));
  });

  it("lets a file that was deleted while open be written", () => {
    const { root, upper } = overlay({ a: "a" });
    const open = root.lookup("a")!;
    root.unlink("a");
    open.write(1, utf8("b"));
    expect(text(open.read(0, 9))).toBe("ab");
    expect(show(upper)).toEqual(["-a"]);
  });

  it("refuses changes without an upper directory", () => {
    const { lowers } = overlay({ a: "a" });
    const { root } = new OverlayFileSystem({ lowers, upper: null });
    expect(() => root.create("x", file)).toThrow(failing("EROFS"));
    expect(() => root.lookup("a")!.write(0, utf8("x"))).toThrow(failing("EROFS"));
    expect(() => root.unlink("a")).toThrow(failing("EROFS"));
  });
});

describe("two overlays over the same directories", () => {
  it("see each other's changes, also through what was open before", () => {
    const { root, upper, lowers } = overlay({ d: null, "d/f": "f", "d/g": "g" });
    const other = new OverlayFileSystem({ lowers, upper }).root;
    const [d, f] = [new Tree(root).inode("/d"), new Tree(root).inode("/d/f")];
    new Tree(other).inode("/d/f").write(0, utf8("F"));
    new Tree(other).inode("/d").create("new", file);
    f.write(1, utf8("!"));
    d.unlink("g");
    expect(show(other)).toEqual(["d/", "d/f=F!", "d/new="]);
    expect(show(root)).toEqual(show(other));
  });
});
