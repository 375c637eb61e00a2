import { expect, test } from "vitest";
import { alignTabs, tableLayout } from "./tabwriter.ts";

test("columns are as wide as their widest cell and three spaces, ten at least", () => {
  expect(alignTabs("ID\tNAME\tSIZE\n1\ta-long-name\t3B\n22\tx\t4B\n", tableLayout)).toBe(
    "ID        NAME          SIZE\n1         a-long-name   3B\n22        x             4B\n",
  );
});

test("a line without the column ends it", () => {
  expect(alignTabs("a\tb\tc\nlonger than that\nx\ty\n", { minimum: 0, padding: 1 })).toBe(
    "a b c\nlonger than that\nx y\n",
  );
});

test("wide characters count twice", () => {
  expect(alignTabs("日本\tx\nabcd\ty\n", { minimum: 0, padding: 1 })).toBe("日本 x\nabcd y\n");
});
