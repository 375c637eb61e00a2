import { describe, expect, test } from "vitest";
import { playCell, whatLacks, type Cell } from "./cells.ts";
import { readExceptions } from "./differences.ts";
import { describe as describeDifference, summary } from "./suite.ts";

/** The share of commands that has to be identical. */
const least = 97;
const names: Record<Cell, string> = { B: "own shell", C: "real docker CLI on the simulated engine" };

for (const cell of ["B", "C"] as const) {
  const lack = whatLacks(cell);
  if (lack) console.log(`SKIPPED: conformance cell ${cell} (${names[cell]}): ${lack}`);
  describe.skipIf(lack !== undefined)(`conformance cell ${cell}: ${names[cell]}`, () => {
    test("prints what Docker Engine 28.5.2 printed", { timeout: 600_000 }, async () => {
      const results = await playCell(cell, {
        quiet: true,
        report: (line) => line.startsWith("✗") || console.log(`cell ${cell}: ${line}`),
      });
      const exceptions = readExceptions(cell);
      const { lines } = summary(results, exceptions);
      for (const line of lines) console.log(`cell ${cell}: ${line}`);
      const unlisted = results
        .flatMap(({ differences }) => differences)
        .filter(
          (one) =>
            !exceptions.some(
              (entry) => entry.case === one.case && entry.command === one.wanted.command.split("\n")[0],
            ),
        )
        .map((one) => [one.case, ...describeDifference(one)].join("\n"));
      // C runs by the wall clock, where a busy machine may tear what is printed: there the share alone decides.
      if (cell === "B") expect(unlisted).toEqual([]);
      else for (const one of unlisted) console.log(`cell C, not in differences.md: ${one}`);
      for (const { name, commands, differences } of results)
        expect({ name, identical: (100 * (commands - differences.length)) / commands >= least }).toEqual({
          name,
          identical: true,
        });
    });
  });
}
