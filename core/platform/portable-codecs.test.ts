import { createHash } from "node:crypto";
import { gunzipSync, gzipSync } from "node:zlib";
import { expect, test } from "vitest";
import { text, utf8 } from "./bytes.ts";
import { portableCodecs as codecs } from "./portable-codecs.ts";
import { hex } from "./random.ts";
import { SeededRandom } from "./seeded-random.ts";

test("the same digests and archives as the machine's own", () => {
  const bytes = utf8("layer ".repeat(1000));
  expect(codecs.sha256().update(bytes).update(bytes).hex()).toBe(
    createHash("sha256").update(bytes).update(bytes).digest("hex"),
  );
  expect(text(gunzipSync(codecs.gzip(bytes)))).toBe(text(bytes));
  expect(text(codecs.gunzip(gzipSync(bytes)))).toBe(text(bytes));
  expect(hex(codecs.gzip(bytes))).toBe(hex(codecs.gzip(bytes)));
});

test("what is not gzip", () => {
  expect(() => codecs.gunzip(utf8("junk"))).toThrow("gzip: invalid header");
  expect(() => codecs.gunzip(codecs.gzip(utf8("whole")).subarray(0, 12))).toThrow("unexpected EOF");
});

test("a seed gives the same bytes, another seed others", () => {
  expect(hex(new SeededRandom(42).bytes(7))).toBe(hex(new SeededRandom(42).bytes(7)));
  expect(hex(new SeededRandom(42).bytes(16))).not.toBe(hex(new SeededRandom(2 ** 40 + 42).bytes(16)));
});
