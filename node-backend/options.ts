import { parseArgs, type ParseArgsConfig } from "node:util";

/** Reads the options of a `drydock` subcommand; an unknown one is an error that names it. */
export function takeOptions<T extends NonNullable<ParseArgsConfig["options"]>>(
  subcommand: string,
  args: string[],
  options: T,
) {
  try {
    return parseArgs({ args, options, allowPositionals: true, strict: true });
  } catch (error) {
    throw new Error(`${subcommand}: ${(error as Error).message.split(". ")[0]}`);
  }
}
