import { expect, test } from "vitest";
import { sourceOf, text, utf8 } from "../../platform/bytes.ts";
import { defaultDetachKeys, parseDetachKeys, watchDetachKeys } from "./detach_keys.ts";

async function typed(keys: Uint8Array, ...chunks: string[]): Promise<string> {
  const source = watchDetachKeys(sourceOf(...chunks.map(utf8)), keys);
  let passed = "";
  try {
    for (let chunk = await source.read(); chunk; chunk = await source.read()) passed += text(chunk);
    return `${passed}|end`;
  } catch (error) {
    return `${passed}|${(error as Error).message}`;
  }
}

test("the keys detach, in one piece or in several, and are not passed on", async () => {
  expect(await typed(defaultDetachKeys, "ab\x10\x11cd")).toBe("ab|read escape sequence");
  expect(await typed(defaultDetachKeys, "a\x10", "\x11")).toBe("a|read escape sequence");
  expect(await typed(defaultDetachKeys, "\x10", "x", "\x10\x10\x11")).toBe("\x10x\x10|read escape sequence");
});

test("a sequence that is not finished is passed on with what breaks it", async () => {
  expect(await typed(defaultDetachKeys, "a\x10b", "c")).toBe("a\x10bc|end");
});

test("keys are named as docker names them", () => {
  expect([...parseDetachKeys("ctrl-a,b,DEL,ctrl-_")]).toEqual([1, 98, 127, 31]);
  expect(() => parseDetachKeys("ctrl-a,foo")).toThrow("Unknown character: 'foo'");
});
