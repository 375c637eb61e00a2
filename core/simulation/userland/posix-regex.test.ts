import { expect, test } from "vitest";
import { RegexError, posixRegex } from "./posix-regex.ts";

test.each([
  ["a\\+b", "aab", "aab"], ["a+b", "a+b", "a+b"], ["\\(a\\)\\1", "aa", "aa"], ["*a", "*a", "*a"], ["^*a", "*a", "*a"], ["a\\{2\\}", "aaa", "aa"],
  ["[[:digit:]]\\{1,\\}", "x42y", "42"], ["[]a]", "]", "]"], ["[^]a]", "b", "b"], ["\\<b", "a b", "b"], ["a$b", "a$b", "a$b"], ["a\\|ab", "ab", "ab"],
])("BRE %s in %s", (pattern, text, match) => {
  expect(posixRegex(pattern).exec(text)?.[0]).toBe(match);
}); // prettier-ignore

test.each([
  ["a|ab", "ab", "ab"], ["x{2,3}", "xxxx", "xxx"], ["a.c", "a\nc", "a\nc"], ["[a-c]+", "xabcx", "abc"],
  ["\\.", "a.b", "."], ["^a|b$", "cb", "b"], ["(a)(b)?", "ac", "a"],
])("ERE %s in %s", (pattern, text, match) => {
  expect(posixRegex(pattern, { extended: true }).exec(text)?.[0]).toBe(match);
}); // prettier-ignore

test.each(["\\(a", "[a", "a\\{2", "a\\"])("%s is refused", (pattern) => {
  expect(() => posixRegex(pattern)).toThrow(RegexError);
});
