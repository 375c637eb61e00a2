import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { bytesContent, contentBytes } from "../files/content.ts";
import { readAll, sourceOf, text, utf8, bytePipe } from "../platform/bytes.ts";
import type { NewTarEntry, TarEntry } from "./entry.ts";
import { TarError } from "./headers.ts";
import { parseTar, readTar } from "./read.ts";
import { headerBytes, TarBuilder, tarWriter } from "./write.ts";

const long = `${"directory/".repeat(15)}${"é".repeat(60)}`;
const entries: NewTarEntry[] = [
  { name: "etc", kind: "directory", mode: 0o755, mtime: 1_700_000_000_000_000_000n },
  {
    name: "etc/passwd",
    kind: "file",
    mode: 0o644,
    uid: 1000,
    gid: 100,
    content: bytesContent(utf8("root:x:0")),
  },
  {
    name: long,
    kind: "file",
    mode: 0o4755,
    uid: 3_000_000_000,
    content: bytesContent(new Uint8Array(1000).fill(7)),
  },
  { name: "etc/link", kind: "hardlink", mode: 0o644, linkname: "etc/passwd" },
  { name: "lib", kind: "symlink", mode: 0o777, linkname: "/usr/lib" },
  { name: "null", kind: "character", mode: 0o666, devmajor: 1, devminor: 3 },
  { name: "pipe", kind: "fifo", mode: 0o600 },
  {
    name: "ping",
    kind: "file",
    mode: 0o755,
    xattrs: { "security.capability": Uint8Array.of(1, 0, 255, 10) },
  },
];

function archive(list: readonly NewTarEntry[]): Uint8Array {
  const builder = new TarBuilder();
  for (const entry of list) builder.add(entry);
  return contentBytes(builder.finish());
}

const plain = ({ content, typeflag: _, uname: __, gname: ___, ...entry }: TarEntry) => ({
  ...entry,
  content: text(contentBytes(content)),
});
const parsed = (bytes: Uint8Array) => [...parseTar(bytesContent(bytes))].map(plain);

describe("tar archives", () => {
  it("come back as they were written", () => {
    const none = { uid: 0, gid: 0, mtime: 0n, linkname: "", devmajor: 0, devminor: 0 };
    expect(parsed(archive(entries))).toEqual(
      entries.map((entry) => ({
        ...none,
        ...entry,
        name: entry.kind === "directory" ? `${entry.name}/` : entry.name,
        content: entry.content ? text(contentBytes(entry.content)) : "",
      })),
    );
  });

  it("have Go's headers, byte for byte", () => {
    const header = headerBytes({
      name: "a",
      kind: "file",
      mode: 0o644,
      mtime: 1_000_000_000n,
      content: bytesContent(utf8("hi")),
    });
    const expected = new Uint8Array(512);
    expected.set(utf8("a"), 0);
    expected.set(utf8("0000644\x000000000\x000000000\x0000000000002\x0000000000001\x00006064\x00 0"), 100);
    expected.set(utf8("ustar\x0000"), 257);
    expected.set(utf8("0000000\x000000000\x00"), 329);
    expect(text(header.slice(148, 156))).toBe("007266\0 ".replace("007266", text(header.slice(148, 154))));
    header.fill(0, 148, 156);
    expected.fill(0, 148, 156);
    expect(header).toEqual(expected);
  });

  it("are read the same in pieces of any size, and written the same to a sink", async () => {
    const bytes = archive(entries);
    for (const size of [1, 511, 513, 4096]) {
      const pieces = Array.from({ length: Math.ceil(bytes.length / size) }, (_, at) =>
        bytes.slice(at * size, (at + 1) * size),
      );
      const read: TarEntry[] = [];
      for await (const entry of readTar(sourceOf(...pieces))) read.push(entry);
      expect(read.map(plain)).toEqual(parsed(bytes));
    }
    const pipe = bytePipe(1 << 20);
    const writer = tarWriter(pipe.sink);
    for (const entry of entries) await writer.add(entry);
    await writer.finish();
    expect(await readAll(pipe.source)).toEqual(bytes);
  });

  it("are refused with Go's texts when they are broken", () => {
    const good = archive(entries);
    const cases: [Uint8Array, string][] = [
      [utf8("hello world".repeat(100)), "archive/tar: invalid tar header"],
      [good.slice(0, 700), "unexpected EOF"],
      [good.slice(0, 1024 + 512 + 4), "unexpected EOF"],
      [good.map((byte, at) => (at === 101 ? byte ^ 1 : byte)), "archive/tar: invalid tar header"],
    ];
    for (const [bytes, message] of cases) expect(() => parsed(bytes)).toThrow(new TarError(message));
    expect(parsed(new Uint8Array(0))).toEqual([]);
    expect(parsed(new Uint8Array(1024))).toEqual([]);
  });

  it("never fail in another way, whatever is flipped in them", () => {
    const good = archive(entries);
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.nat(good.length - 1), fc.nat(255)), { maxLength: 6 }),
        fc.nat(good.length),
        (flips, cut) => {
          const bytes = good.slice(0, good.length - (cut % 3 === 0 ? cut : 0));
          for (const [at, value] of flips) bytes[at] = value;
          try {
            for (const entry of parseTar(bytesContent(bytes))) contentBytes(entry.content);
          } catch (error) {
            if (!(error instanceof TarError)) throw error;
          }
        },
      ),
      { numRuns: 300, seed: 1 },
    );
  });
});
