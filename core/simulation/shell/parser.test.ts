import { expect, test } from "vitest";
import { Parser } from "./parser.ts";
import { ShellSource } from "./source.ts";
import { IncompleteCommand, ShellSyntaxError } from "./syntax.ts";
import type { Sequence } from "./syntax.ts";

function parse(
  text: string,
  options: { final?: boolean; aliases?: Record<string, string> } = {},
): Sequence[] {
  const parser = new Parser(new ShellSource(text, options.final ?? true), {
    extended: false,
    bash: false,
    alias: (name) => options.aliases?.[name],
  });
  const lines: Sequence[] = [];
  for (let line = parser.parseLine(); line; line = parser.parseLine()) lines.push(line);
  return lines;
}

/** Command words as plain text. */
function words(sequence: Sequence): string[] {
  const { command } = sequence.commands[0]!;
  if (command.type !== "simple") return [];
  return command.words.map((word) =>
    word.map((part) => (part.type === "literal" ? part.text : "?")).join(""),
  );
}

test("a line is a sequence of commands, with its text and what runs in the background", () => {
  const [line] = parse("sleep 1 & echo a; echo b | cat");
  expect(line!.commands.map(({ background, text }) => [text, background])).toEqual([
    ["sleep 1", true],
    ["echo a", false],
    ["echo b | cat", false],
  ]);
});

test("quotes, escapes and joined lines", () => {
  expect(words(parse("echo 'a b' \"c d\" e\\ f g\\\nh")[0]!)).toEqual(["echo", "a b", "c d", "e f", "gh"]);
});

test("aliases stand for text, not within themselves", () => {
  expect(words(parse("ls x", { aliases: { ls: "ls -l " } })[0]!)).toEqual(["ls", "-l", "x"]);
  expect(words(parse("sudo ll", { aliases: { sudo: "su ", ll: "ls -l" } })[0]!)).toEqual(["su", "ls", "-l"]);
});

test("a here-document is the redirection's text", () => {
  const [line] = parse("cat <<-E\n\tone\n\tE\necho two\n");
  const { command } = line!.commands[0]!;
  expect(command.type === "simple" && command.redirections).toEqual([
    { operator: "<<", target: [{ type: "literal", text: "one\n", quoted: true }] },
  ]);
});

test.each(["if true", "echo 'a", "a |", "a &&", "f() {", "cat <<E\n", "echo $(", "case x in", "echo a\\"])(
  "%s is incomplete while more may come",
  (text) => {
    expect(() => parse(text, { final: false })).toThrow(IncompleteCommand);
  },
);

test.each([
  ["if", "end of file"],
  ["fi", "fi"],
  ["echo )", ")"],
  ["for i in a; done", "done"],
  ["a ;; b", ";;"],
  ["echo <", "end of file"],
])("%s has an unexpected %s", (text, token) => {
  let mistake;
  try {
    parse(text);
  } catch (error) {
    if (!(error instanceof ShellSyntaxError)) throw error;
    mistake = error.mistake;
  }
  expect(mistake).toMatchObject({ type: "unexpected", token });
});
