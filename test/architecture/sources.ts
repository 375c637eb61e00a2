import { readFileSync, readdirSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { fileURLToPath } from "node:url";

export const root = join(dirname(fileURLToPath(import.meta.url)), "../..");

/** Every source file below `folder`, tests apart, as a path from the project's root. */
export function sourcesBelow(folder: string): string[] {
  return readdirSync(join(root, folder), { withFileTypes: true, recursive: true })
    .filter(
      (entry) =>
        entry.isFile() &&
        /\.(ts|svelte|mjs)$/.test(entry.name) &&
        !/\.(test|testing|d)\.ts$/.test(entry.name),
    )
    .map((entry) => relative(root, join(entry.parentPath, entry.name)))
    .sort();
}

/** What a file imports: project files as paths from the root, packages by name. Types count too. */
export function importsOf(path: string): string[] {
  const source = readFileSync(join(root, path), "utf8");
  const found = source.matchAll(
    /(?:^|\n)\s*(?:import|export)\s(?:[^"';]*?\sfrom\s)?["']([^"']+)["']|\bimport\(\s*["']([^"']+)["']\s*\)/g,
  );
  return [...found].map(([, plain, dynamic]) => {
    const target = (plain ?? dynamic)!;
    return target.startsWith(".") ? relative(root, join(root, dirname(path), target)) : target;
  });
}
