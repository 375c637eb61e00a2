import { expect, test } from "vitest";
import { expandToWords, expandWord } from "./shell_lexer.ts";

const environment: Record<string, string> = {
  PWD: "/home",
  SHELL: "bash",
  EMPTY: "",
  P: "a/b/c.tar.gz",
  LIST: "80 443",
};
const variables = (name: string) => (Object.hasOwn(environment, name) ? environment[name] : undefined);

test.each([
  ["hello", "hello"],
  ["he'll'o", "hello"],
  ["he\\'llo", "he'llo"],
  ['"he\\"l$SHELL\\$x\\n"', 'he"lbash$x\\n'],
  ["'$PWD'", "$PWD"],
  ["abc\\$PWD", "abc$PWD"],
  ["${PWD}/x$", "/home/x$"],
  ["$NOPE.", "."],
  ["a${NOPE:-b c}d", "ab cd"],
  ["${EMPTY:-x}${EMPTY-y}${NOPE-z}", "xz"],
  ["${PWD:+set}${EMPTY:+no}${EMPTY+yes}", "setyes"],
  ["${NOPE:-${PWD}'}'}", "/home}"],
  ["${P#*/}", "b/c.tar.gz"],
  ["${P##*/}", "c.tar.gz"],
  ["${P%.*}", "a/b/c.tar"],
  ["${P%%.*}", "a/b/c"],
  ["${P%?z}", "a/b/c.tar."],
  ["${P/a\\//A}", "Ab/c.tar.gz"],
  ["${P//./-}", "a/b/c-tar-gz"],
  ["$1x $10 $$", "x  "],
  ["a <<EOF", "a <<EOF"],
  ["trailing\\", "trailing"],
])("%s", (text, expected) => {
  expect(expandWord(text, variables, { escape: "\\" })).toBe(expected);
});

test.each([
  ["${", "syntax error: missing '}'"],
  ["${}", "syntax error: bad substitution"],
  ["${x", "unsupported modifier (\ufffd) in substitution"],
  ["${x:-y", "syntax error: missing '}'"],
  ["${PWD:}", "syntax error: missing '}'"],
  ["${x!y}", "unsupported modifier (!) in substitution"],
  ["${x:#y}", "unsupported modifier (:#) in substitution"],
  ["${NOPE:?}", "NOPE: is not allowed to be unset"],
  ["${EMPTY:?say so}", "EMPTY: say so"],
  ["'x", "unexpected end of statement while looking for matching single-quote"],
  ['"x', "unexpected end of statement while looking for matching double-quote"],
])("%s fails", (text, message) => {
  expect(() => expandWord(text, variables, { escape: "\\" })).toThrow(
    new Error(`failed to process ${JSON.stringify(text)}: ${message}`),
  );
});

test("the escape character may be another", () => {
  expect(expandWord("a`$PWD\\n", variables, { escape: "`" })).toBe("a$PWD\\n");
});

test("words split after the replacement, unless quoted", () => {
  expect(expandToWords('$LIST 8 "a b" c\\ d', variables, { escape: "\\" })).toEqual([
    "80",
    "443",
    "8",
    "a b",
    "c d",
  ]);
});
