import { readAll } from "../platform/bytes.ts";
import type { Console } from "./console.ts";
import { absolutePath } from "./paths.ts";

/**
 * Reads an --env-file or --label-file: a "name=value" a line, comments with "#". A name without a value takes it
 * from `lookUp`, and is left out where that has none. Rejects with docker's texts.
 */
export async function readKeyValueFile(
  console: Console,
  path: string,
  lookUp: (name: string) => string | undefined,
): Promise<string[]> {
  let bytes: Uint8Array;
  try {
    bytes = await readAll(await console.files.open(absolutePath(console, path)));
  } catch (error) {
    throw new Error((error as Error).message.replace(absolutePath(console, path), path));
  }
  try {
    return parse(bytes, lookUp);
  } catch (error) {
    throw new Error(`invalid env file (${path}): ${(error as Error).message}`);
  }
}

function parse(bytes: Uint8Array, lookUp: (name: string) => string | undefined): string[] {
  const found: string[] = [];
  for (const [at, raw] of lines(bytes).entries()) {
    const line = decode(raw, at + 1).replace(at === 0 ? /^\uFEFF?\s*/ : /^\s*/, "");
    if (line === "" || line.startsWith("#")) continue;
    const [name = ""] = line.split("=", 1);
    if (name === "") throw new Error(`no variable name on line '${line}'`);
    if (/[ \t]/.test(name)) throw new Error(`variable '${name}' contains whitespaces`);
    if (line.includes("=")) found.push(line);
    else {
      const value = lookUp(name);
      if (value !== undefined) found.push(`${name}=${value}`);
    }
  }
  return found;
}

function lines(bytes: Uint8Array): Uint8Array[] {
  const found: Uint8Array[] = [];
  let start = 0;
  while (start < bytes.length) {
    const feed = bytes.indexOf(10, start);
    const end = feed < 0 ? bytes.length : feed;
    found.push(bytes.subarray(start, bytes[end - 1] === 13 && end > start ? end - 1 : end));
    start = end + 1;
  }
  return found;
}

function decode(line: Uint8Array, number: number): string {
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(line);
  } catch {
    throw new Error(`invalid utf8 bytes at line ${number}: [${line.join(" ")}]`);
  }
}
