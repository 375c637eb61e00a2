import { Errno } from "../../files/filesystem.ts";
import { strerror } from "../kernel/errno-text.ts";
import { readFile, readToEnd } from "../kernel/io.ts";
import { decodeText } from "../shell/characters.ts";
import { sys } from "../kernel/syscalls.ts";
import { splitLines } from "./lines.ts";
import { checkFilter, UndefinedName } from "./jq/check.ts";
import { evaluate } from "./jq/evaluate.ts";
import { JsonReader, JsonTextError } from "./jq/json-reader.ts";
import { parseFilter } from "./jq/parse.ts";
import { FilterError, FilterSyntaxError } from "./jq/syntax.ts";
import type { Filter, Json } from "./jq/syntax.ts";
import { toJson, truthy } from "./jq/values.ts";
import type { Invocation } from "./invocation.ts";
import type { Steps, UserProgram } from "./user-program.ts";

interface Settings {
  flags: Set<string>;
  indent: string | number;
  variables: Map<string, Json>;
  operands: string[];
}

const letters: Readonly<Record<string, string>> = {
  "raw-output": "r",
  "join-output": "j",
  "compact-output": "c",
  "exit-status": "e",
  "null-input": "n",
  "raw-input": "R",
  "sort-keys": "S",
  slurp: "s",
  "monochrome-output": "M",
};

const hint =
  "Use jq --help for help with command-line options,\nor see the jq manpage, or online docs  at https://stedolan.github.io/jq";

export const jq: UserProgram = {
  names: ["jq"],
  flavours: ["gnu"],
  usage: "[OPTIONS] FILTER [FILES...]",
  summary: "Command-line JSON processor",
  *main(io) {
    if (io.args.includes("--version")) {
      yield* io.print("jq-1.6\n");
      return 0;
    }
    const settings = yield* readSettings(io);
    const [given, ...paths] = settings.operands;
    // Without a filter only a terminal gets the usage; in a pipe the filter is the identity.
    if (given === undefined && (yield* sys.isatty(0)) && (yield* sys.isatty(1))) {
      yield* io.printError("Usage:\tjq [OPTIONS] FILTER [FILES...]\n");
      return 2;
    }
    const source = given ?? ".";
    let filter: Filter;
    try {
      filter = parseFilter(source);
      checkFilter(filter, settings.variables);
    } catch (error) {
      if (!(error instanceof FilterSyntaxError)) throw error;
      yield* io.printError(
        error instanceof UndefinedName
          ? `jq: error: ${error.message} at <top-level>, line 1:\n${source}\njq: 1 compile error\n`
          : `jq: error: ${error.message} (Unix shell quoting issues?) at <top-level>, line 1:\n${source}${" ".repeat(4)}\njq: 1 compile error\n`,
      );
      return 3;
    }
    return yield* run(io, settings, filter, paths);
  },
};

function* readSettings(io: Invocation): Steps<Settings> {
  const environment = Object.fromEntries(
    io.process.env.map((pair) => [pair.slice(0, pair.indexOf("=")), pair.slice(pair.indexOf("=") + 1)]),
  );
  const settings: Settings = {
    flags: new Set(),
    indent: 2,
    variables: new Map<string, Json>([["ENV", environment]]),
    operands: [],
  };
  const args = [...io.args];
  for (let arg = args.shift(); arg !== undefined; arg = args.shift()) {
    if (arg === "--arg" || arg === "--argjson") {
      const [name = "", value = ""] = args.splice(0, 2);
      try {
        settings.variables.set(name, arg === "--arg" ? value : (JSON.parse(value) as Json));
      } catch {
        return yield* io.fail(`Invalid JSON text passed to --argjson\n${hint}`, 2);
      }
    } else if (arg === "--tab") settings.indent = "\t";
    else if (arg === "--indent") settings.indent = Number(args.shift());
    else if (arg.startsWith("--") && letters[arg.slice(2)]) settings.flags.add(letters[arg.slice(2)]!);
    else if (/^-[rjcenRSsM]+$/.test(arg)) for (const letter of arg.slice(1)) settings.flags.add(letter);
    else if (arg.startsWith("-") && arg !== "-") return yield* io.fail(`Unknown option ${arg}\n${hint}`, 2);
    else settings.operands.push(arg);
  }
  return settings;
}

function* run(io: Invocation, settings: Settings, filter: Filter, paths: readonly string[]): Steps<number> {
  const { flags } = settings;
  let last: Json | undefined;
  let failed = false;
  const show = function* (input: Json): Steps<void> {
    try {
      for (const value of evaluate(filter, input, settings.variables)) {
        yield* sys.compute();
        last = value;
        const raw = typeof value === "string" && (flags.has("r") || flags.has("j"));
        yield* io.print(
          (raw
            ? value
            : toJson(value, flags.has("c") || flags.has("j") ? undefined : settings.indent, flags.has("S"))) +
            (flags.has("j") ? "" : "\n"),
        );
      }
    } catch (error) {
      if (!(error instanceof FilterError)) throw error;
      failed = true;
      const said = typeof error.value === "string" ? error.value : undefined;
      yield* io.printError(
        said === undefined
          ? `jq: error (at ${place}) (not a string): ${toJson(error.value, undefined)}\n`
          : `jq: error (at ${place}): ${said}\n`,
      );
    }
  };
  let place = "<unknown>";
  let unreadable = false;
  let whole = "";
  if (!flags.has("n"))
    for (const path of paths.length > 0 ? paths : ["-"]) {
      const bytes = yield* readFileOf(io, path);
      if (bytes === undefined) unreadable = true;
      else whole += bytes;
    }
  if (flags.has("n")) yield* show(null);
  else if (flags.has("R")) {
    if (flags.has("s")) yield* show(whole);
    else for (const line of splitLines(whole)) yield* show(line);
  } else {
    const reader = new JsonReader(whole);
    const values: Json[] = [];
    try {
      for (let value = reader.next(); value !== undefined; value = reader.next()) {
        place = `${paths.at(-1) ?? "<stdin>"}:${reader.line}`;
        if (flags.has("s")) values.push(value);
        else yield* show(value);
      }
      if (flags.has("s")) yield* show(values);
    } catch (error) {
      if (!(error instanceof JsonTextError)) throw error;
      yield* io.printError(`parse error: ${error.message}\n`);
      return 4;
    }
  }
  if (failed) return 5;
  if (unreadable) return 2;
  return flags.has("e") ? (last === undefined ? 4 : truthy(last) ? 0 : 1) : 0;
}

function* readFileOf(io: Invocation, path: string): Steps<string | undefined> {
  try {
    return decodeText(path === "-" ? yield* readToEnd(0) : yield* readFile(path));
  } catch (error) {
    if (!(error instanceof Errno)) throw error;
    yield* io.complain(`error: Could not open file ${path}: ${strerror(error.code)}`, 2);
    return undefined;
  }
}
