import { expect, test } from "vitest";
import { hasWildcards, matchesPath } from "./path-match.ts";

test.each([
  ["abc", "abc", true],
  ["a*", "abc", true],
  ["a*", "a/b", false],
  ["a*/b", "abc/b", true],
  ["a?c", "aéc", true],
  ["[a-ce]d", "ed", true],
  ["[a-c]d", "dd", false],
  ["[^a]", "b", true],
  ["[^a]", "/", false],
  ["a\\*b", "a*b", true],
  ["a\\*b", "axb", false],
  ["[\\]a]", "]", true],
  ["[\\-]", "-", true],
  ["x.y-z+", "x.y-z+", true],
  ["[]a]", "]", false],
  ["[a-", "a", false],
  ["a[", "a", false],
  ["[c-a]x", "bx", false],
])("%s on %s", (pattern, path, matches) => {
  expect(matchesPath(pattern, path)).toBe(matches);
});

test("an escaped wildcard is none", () => {
  expect(["a*", "a\\*", "[x", "plain", "\\\\?"].map(hasWildcards)).toEqual([true, false, true, false, true]);
});
