import { describe, expect, it } from "vitest";
import { text, utf8 } from "../platform/bytes.ts";
import { bytesContent, holeContent } from "./content.ts";
import type { FileContent, Inode, NewInode } from "./filesystem.ts";
import { MemoryFileSystem } from "./memory.ts";

const file: NewInode = { kind: "file", mode: 0o644, uid: 0, gid: 0 };
const directory: NewInode = { kind: "directory", mode: 0o755, uid: 0, gid: 0 };

function disk(capacity?: number): MemoryFileSystem {
  let now = 0n;
  return new MemoryFileSystem({ now: () => ++now, ...(capacity === undefined ? {} : { capacity }) });
}

function all(inode: Inode): string {
  return text(inode.read(0, inode.attributes().size));
}

const failing = (code: string) => expect.objectContaining({ code });

describe("a file in memory", () => {
  it("takes writes anywhere, with holes between them", () => {
    const made = disk().root.create("f", file);
    made.write(0, utf8("hello"));
    made.write(3, utf8("p!"));
    made.write(10_000, utf8("end"));
    expect(made.read(0, 8)).toEqual(utf8("help!\0\0\0"));
    expect(made.read(9_998, 100)).toEqual(utf8("\0\0end"));
    expect(made.attributes()).toMatchObject({ size: 10_003, allocated: 8192 });
  });

  it("forgets what truncation cut off", () => {
    const made = disk().root.create("f", { ...file, content: bytesContent(utf8("abcdef")) });
    made.truncate(3);
    made.truncate(6);
    expect(all(made)).toBe("abc\0\0\0");
    made.write(4, utf8("Z"));
    made.truncate(5);
    made.write(7, utf8("!"));
    expect(all(made)).toBe("abc\0Z\0\0!");
  });

  it("reads content that is made when it is read, and changes it only where written", () => {
    const asked: number[] = [];
    const made: FileContent = {
      size: 400e6,
      read: (at, length) => (asked.push(at), new Uint8Array(length).fill(97)),
    };
    const inode = disk().root.create("big", { ...file, content: made });
    inode.write(200e6 + 1, utf8("X"));
    expect(text(inode.read(200e6, 4))).toBe("aXaa");
    expect(asked.length).toBeLessThan(4);
  });

  it("gives what it holds, which later writes leave alone", () => {
    const inode: Inode = disk().root.create("f", file);
    inode.write(0, utf8("one"));
    const before = inode.content!();
    inode.write(0, utf8("two"));
    const after = inode.content!();
    inode.truncate(0);
    expect([text(before.read(0, 9)), text(after.read(0, 9)), all(inode)]).toEqual(["one", "two", ""]);
  });

  it("counts what it occupies and refuses more than there is", () => {
    const { root, space } = disk(8192);
    const inode = root.create("f", file);
    expect(inode.write(0, new Uint8Array(10_000))).toBe(8192);
    expect(() => inode.write(8192, utf8("x"))).toThrow(failing("ENOSPC"));
    root.unlink("f");
    expect(space.used).toBe(0);
    expect(root.create("sparse", { ...file, content: holeContent(1e9) }).attributes()).toMatchObject({
      size: 1e9,
      allocated: 0,
    });
  });
});

describe("a directory in memory", () => {
  it("counts links, of files and of directories", () => {
    const { root } = disk();
    const a = root.create("a", file);
    root.link("b", a);
    const sub = root.create("sub", directory);
    sub.create("deep", directory);
    expect([a.attributes().nlink, root.attributes().nlink, sub.attributes().nlink]).toEqual([2, 3, 3]);
    root.unlink("a");
    expect(root.lookup("b")!.attributes().nlink).toBe(1);
  });

  it("renames as rename(2) does", () => {
    const { root } = disk();
    const a = root.create("a", directory);
    a.create("inner", directory);
    root.create("f", file).write(0, utf8("f"));
    root.create("g", file);
    root.rename("f", root, "g");
    expect(all(root.lookup("g")!)).toBe("f");
    expect(() => root.rename("a", a.lookup("inner")!, "x")).toThrow(failing("EINVAL"));
    expect(() => root.rename("g", root, "a")).toThrow(failing("EISDIR"));
    expect(() => root.rename("a", root, "g")).toThrow(failing("ENOTDIR"));
    root.create("full", directory).create("x", file);
    expect(() => root.rename("a", root, "full")).toThrow(failing("ENOTEMPTY"));
    root.rename("a", root, "b");
    expect([...root.entries()].map(([name]) => name)).toEqual(["g", "full", "b"]);
    expect(root.attributes().nlink).toBe(4);
  });

  it("refuses what Linux refuses", () => {
    const { root } = disk();
    const sub = root.create("sub", directory);
    sub.create("x", file);
    expect(() => root.create("sub", file)).toThrow(failing("EEXIST"));
    expect(() => root.rmdir("sub")).toThrow(failing("ENOTEMPTY"));
    expect(() => root.unlink("sub")).toThrow(failing("EISDIR"));
    expect(() => root.link("again", sub)).toThrow(failing("EPERM"));
    expect(() => root.link("other", disk().root.create("f", file))).toThrow(failing("EXDEV"));
    expect(() => sub.lookup("x")!.create("y", file)).toThrow(failing("ENOTDIR"));
    expect(() => root.create("n".repeat(256), file)).toThrow(failing("ENAMETOOLONG"));
  });
});
