import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { parseCase, printCase } from "./case.ts";
import { here } from "./play.ts";

test("a case is its commands with what they printed and their statuses", () => {
  const text = "# head\n$ one\n> more\nline\n\\$ printed\n? 3\n$ two\n";
  const parsed = parseCase(text);
  expect(parsed).toEqual({
    head: ["# head"],
    steps: [
      { command: "one\nmore", printed: ["line", "$ printed"], status: 3 },
      { command: "two", printed: [], status: 0 },
    ],
  });
  expect(printCase(parsed)).toBe(text);
});

for (const folder of ["given", "added"])
  test(`every case of cases/${folder} is read and written without a change`, () => {
    for (const file of readdirSync(join(here, "cases", folder))) {
      const text = readFileSync(join(here, "cases", folder, file), "utf8");
      expect(printCase(parseCase(text)), file).toBe(text);
      expect(text, file).not.toContain("the shell ended before this command");
    }
  });
