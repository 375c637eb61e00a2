import { expect, test } from "vitest";
import { IgnorePatterns, readIgnoreFile } from "./ignore-patterns.ts";

test.each([
  ["*.log", "a.log", true],
  ["*.log", "sub/a.log", false],
  ["**/*.log", "sub/deep/a.log", true],
  ["**/*.log", "a.log", true],
  ["sub", "sub/deep/a", true],
  ["/sub/", "sub/x", true],
  ["sub/**", "sub/x/y", true],
  ["**/deep", "sub/deep/x", true],
  ["**", "anything/at/all", true],
  ["*\n!keep", "keep", false],
  ["*\n!keep", "other", true],
  ["docs\n!docs/README*", "docs/README.md", false],
  ["docs\n!docs/README*\ndocs/README-x", "docs/README-x", true],
  ["a?c", "abc", true],
  ["a?c", "a/c", false],
  ["[a-c]x", "bx", true],
  ["[^a-c]x", "bx", false],
  ["a.b", "axb", false],
  ["# no\n\n  x  ", "x", true],
  ["a/../b", "b", true],
  ["*", ".", false],
])("%j on %s", (file, path, excluded) => {
  expect(new IgnorePatterns(readIgnoreFile(file)).excludes(path)).toBe(excluded);
});

test("malformed patterns", () => {
  expect(() => new IgnorePatterns(["!"])).toThrow(new Error('illegal exclusion pattern: "!"'));
  expect(() => new IgnorePatterns(["[a"])).toThrow(new Error("syntax error in pattern"));
});
