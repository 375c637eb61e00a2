import { expect, test } from "vitest";
import { concat, sourceOf, text, utf8 } from "../platform/bytes.ts";
import { decodeFrames, encodeFrame } from "./stdcopy.ts";

async function split(bytes: Uint8Array, size: number): Promise<{ stdout: string; stderr: string }> {
  const chunks: Uint8Array[] = [];
  for (let at = 0; at < bytes.length; at += size) chunks.push(bytes.subarray(at, at + size));
  const got = { stdout: "", stderr: "" };
  const sink = (stream: "stdout" | "stderr") => ({
    write: (piece: Uint8Array) => Promise.resolve(void (got[stream] += text(piece))),
  });
  await decodeFrames(sourceOf(...chunks), { stdout: sink("stdout"), stderr: sink("stderr") });
  return got;
}

test("frames come apart again, however they were cut", async () => {
  const bytes = concat([
    encodeFrame("stdout", utf8("one\n")),
    encodeFrame("stderr", utf8("two\n")),
    encodeFrame("stdout", utf8("")),
    encodeFrame("stdout", utf8("three\n")),
  ]);
  for (const size of [1, 3, 8, 1000])
    expect(await split(bytes, size)).toEqual({ stdout: "one\nthree\n", stderr: "two\n" });
  expect([...encodeFrame("stderr", utf8("a"))]).toEqual([2, 0, 0, 0, 0, 0, 0, 1, 97]);
});

test("an error of the engine and what is no frame are errors", async () => {
  await expect(split(encodeFrame("systemerr", utf8("gone")), 5)).rejects.toThrow(
    "error from daemon in stream: gone",
  );
  await expect(split(utf8("plain text"), 5)).rejects.toThrow("unrecognized input header: 112");
});
