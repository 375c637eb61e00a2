import { expect, test } from "vitest";
import { readExceptions } from "./differences.ts";

const text = `# Differences

### one

    $ docker a
    $ docker b

(B, C) Because of this.

### two

    $ docker c

(F) Because of that.
`;

test("each command is excepted in its cells, with its reason", () => {
  expect(readExceptions("C", text)).toEqual([
    { case: "one", command: "docker a", cells: "BC", reason: "Because of this." },
    { case: "one", command: "docker b", cells: "BC", reason: "Because of this." },
  ]);
  expect(readExceptions("F", text).map(({ command }) => command)).toEqual(["docker c"]);
});

test("a command without a reason is an error", () => {
  expect(() => readExceptions("B", "### one\n\n    $ docker a\n")).toThrow("no reason for: docker a");
});

test("differences.md itself can be read", () => {
  expect(readExceptions()).toBeInstanceOf(Array);
});
