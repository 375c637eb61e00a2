import { expect, test } from "vitest";
import fc from "fast-check";
import { decodeText, encodeText } from "./characters.ts";

test("any bytes become text and come back", () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 64 }), (bytes) => {
      expect([...encodeText(decodeText(bytes))]).toEqual([...bytes]);
    }),
  );
});

test("UTF-8 is read as characters", () => {
  expect(decodeText(encodeText("容器 é"))).toBe("容器 é");
});
