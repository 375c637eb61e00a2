import { olderThan } from "../client/client.ts";
import type { Ping } from "../client/client.ts";
import { BrokenPipe } from "../platform/bytes.ts";
import { Cancelled } from "../platform/cancellation.ts";
import { Cli, outputsOf } from "./cli.ts";
import type { GlobalChoices, Outputs } from "./cli.ts";
import type { Command, Invocation } from "./command.ts";
import { commandPath, usageLine } from "./command_path.ts";
import { commands } from "./commands.ts";
import { configDirectory } from "./config.ts";
import type { Console } from "./console.ts";
import { StatusError } from "./exit.ts";
import { flagsOf, globalFlags } from "./global_flags.ts";
import type { GlobalFlagValues } from "./global_flags.ts";
import { parseFlags } from "./flags.ts";
import type { Flags, ParsedFlags } from "./flags.ts";
import { helpText } from "./help.ts";
import { warnOfLegacyBuilder } from "./legacy_builder.ts";
import type { Output } from "./output.ts";
import { gitCommit, version } from "./version.ts";

/**
 * Runs one docker command line. `argv` is what follows "docker". Resolves to the exit status, when all output is
 * written; a reader of standard output that went away ends it as SIGPIPE would, with 141.
 */
export async function runDocker(argv: readonly string[], console: Console): Promise<number> {
  const outputs = outputsOf(console);
  let signalled = 0;
  let forceExit = () => {};
  const forced = new Promise<number>((resolve) => (forceExit = () => resolve(1)));
  let count = 0;
  const unsubscribe = console.onSignal((signal) => {
    if (signal !== "SIGINT" && signal !== "SIGTERM") return;
    count++;
    signalled ||= signal === "SIGINT" ? 130 : 143;
    outputs.cancellation.cancel();
    if (count < 3) return;
    void outputs.err.write("\ngot 3 SIGTERM/SIGINTs, forcefully exiting\n");
    forceExit();
  });
  try {
    const status = await Promise.race([forced, new CommandLine(console, outputs).run([...argv])]);
    await outputs.out.flush();
    await outputs.err.flush();
    return status;
  } catch (error) {
    if (error instanceof BrokenPipe) return 141;
    // Who gave up for a reason of their own ("prune has been cancelled") did so before the signal could end them.
    const gaveUp = error instanceof Cancelled && error.message !== outputs.cancellation.reason;
    if (signalled && !gaveUp) return signalled;
    const text = (error as Error).message;
    if (!(error instanceof Cancelled) && text !== "") await outputs.err.line(text).catch(() => {});
    if (error instanceof StatusError) return error.status || 1;
    return error instanceof Cancelled ? 0 : 1;
  } finally {
    unsubscribe();
  }
}

/** `docker` itself, above all commands. */
function root(console: Console): Command {
  return {
    name: "docker",
    usage: "docker [OPTIONS] COMMAND [ARG...]",
    short: "Build, run and look after containers",
    flags: globalFlags(console),
    children: commands,
    arguments: () => {},
  };
}

class CommandLine {
  readonly #console: Console;
  readonly #outputs: Outputs;

  constructor(console: Console, outputs: Outputs) {
    this.#console = console;
    this.#outputs = outputs;
  }

  async run(argv: string[]): Promise<number> {
    const docker = root(this.#console);
    const global = this.#globals(docker, argv);
    for (const notice of global.notices) void this.#outputs.err.line(notice);
    const values = global.values as GlobalFlagValues;
    const cli = await Cli.open(this.#console, await choicesOf(this.#console, values, global), this.#outputs);
    const { args } = global;
    if (args.length > 0) await warnOfLegacyBuilder(cli, args);
    if (args[0] === "help") return this.#help(cli, docker, args.slice(1));
    const [path, rest] = this.#traverse([docker], args);
    const command = path.at(-1)!;
    let parsed: ParsedFlags;
    try {
      parsed = parseFlags(flagsOf(command), rest, command.interspersed ?? true);
    } catch (error) {
      await askForSupport(cli, path);
      throw usageError(error as Error, path);
    }
    for (const notice of parsed.notices) void cli.out.line(notice);
    if (parsed.values["help"] === true || values.help) {
      await this.#showHelp(cli, cli.out, path);
      return 0;
    }
    if (path.length === 1 && values.version) {
      await cli.out.line(`Docker version ${version}, build ${gitCommit}`);
      return 0;
    }
    return this.#execute(cli, path, parsed);
  }

  /** Reads the flags before the command. */
  #globals(docker: Command, argv: string[]): ParsedFlags {
    try {
      return parseFlags(flagsOf(docker), argv, false);
    } catch (error) {
      throw usageError(error as Error, [docker]);
    }
  }

  /** The command that `args` name, and what follows its name. Flags of a parent may stand before the child's name. */
  #traverse(path: Command[], args: string[]): [path: Command[], rest: string[]] {
    const command = path.at(-1)!;
    const before: string[] = [];
    let isValue = false;
    for (const [at, word] of args.entries()) {
      const flag = word.startsWith("-") && word !== "-";
      if (isValue || flag) {
        isValue = !isValue && flag && takesNextWord(command.flags, word);
        before.push(word);
        continue;
      }
      const child = command.children.find((one) => one.name === word || one.aliases?.includes(word));
      if (!child) return [path, args];
      // The flags of a parent are read for their errors alone, which cobra reports without a usage line.
      parseFlags(flagsOf(command), before);
      return this.#traverse([...path, child], args.slice(at + 1));
    }
    return [path, args];
  }

  async #help(cli: Cli, docker: Command, words: string[]): Promise<number> {
    const [path, rest] = this.#traverse([docker], words);
    if (rest.length > 0) throw new Error(`unknown help topic: ${words.join(" ")}`);
    await this.#showHelp(cli, cli.out, path);
    return 0;
  }

  async #showHelp(cli: Cli, output: Output, path: Command[]): Promise<void> {
    const info = await askForSupport(cli, path);
    const columns = this.#console.terminals.stdin?.size().columns;
    await output.write(helpText(path, columns, info));
  }

  async #execute(cli: Cli, path: Command[], parsed: ParsedFlags): Promise<number> {
    const command = path.at(-1)!;
    const { args } = parsed;
    if (!command.run) {
      if (args.length === 0) {
        await this.#showHelp(cli, cli.err, path);
        return 0;
      }
      if (path.some((one) => one.version)) await cli.serverInfo();
      const name = commandPath(path);
      const usage = path.length === 1 ? "" : `Usage:  ${usageLine(path)}\n\n`;
      throw new Error(
        `docker: unknown command: ${name} ${args[0]}\n\n${usage}Run '${name} --help' for more information`,
      );
    }
    const at = { path: commandPath(path), usageLine: usageLine(path) };
    if (path.some((one) => one.version)) await checkSupport(cli, path, parsed.changed);
    command.arguments(args, at);
    await checkSupport(cli, path, parsed.changed);
    const invocation: Invocation = { ...at, changed: parsed.changed, argsBeforeDash: parsed.argsBeforeDash };
    return (await command.run(cli, args, parsed.values, invocation)) ?? 0;
  }
}

async function choicesOf(
  console: Console,
  values: GlobalFlagValues,
  { changed }: ParsedFlags,
): Promise<GlobalChoices> {
  const level = values["log-level"];
  if (!/^(panic|fatal|error|warn|warning|info|debug|trace)?$/i.test(level))
    throw new StatusError(1, `Unable to parse logging level: ${level}`);
  if (values.context !== "" && values.host.length > 0)
    throw new Error("conflicting options: cannot specify both --host and --context");
  const verify = values.tlsverify;
  const secured = values.tls || changed.has("tlsverify") || verify;
  const found = async (flag: "tlscert" | "tlskey") =>
    changed.has(flag) ||
    (await console.files.stat(values[flag]).then(
      () => true,
      () => false,
    ))
      ? values[flag]
      : "";
  return {
    hosts: values.host,
    context: values.context,
    configDirectory: configDirectory(console, values.config),
    debug: values.debug,
    ...(secured
      ? {
          tls: {
            verify,
            caFile: values.tlscacert,
            certFile: await found("tlscert"),
            keyFile: await found("tlskey"),
          },
        }
      : {}),
  };
}

/** Whether the word after `word`, which is a flag, is its value; an unknown flag is taken to have one, as cobra does. */
function takesNextWord(flags: Flags, word: string): boolean {
  if (word.includes("=") || word === "--") return false;
  if (word.startsWith("--")) return word !== "--help" && flags[word.slice(2)]?.bare === undefined;
  if (word.length !== 2) return false;
  const flag = Object.values(flags).find((one) => one.short === word[1]);
  return flag === undefined ? word !== "-h" : flag.bare === undefined;
}

function usageError(error: Error, path: Command[]): StatusError {
  const line = usageLine(path);
  return new StatusError(
    125,
    `${error.message}\n\nUsage:  ${line}\n\nRun '${commandPath(path)} --help' for more information`,
  );
}

/** Asks the engine for its version, as docker does before it shows what not every engine has. */
async function askForSupport(cli: Cli, path: Command[]): Promise<Ping | undefined> {
  const command = path.at(-1)!;
  const parts = [...Object.values(command.flags), ...command.children];
  const differs = parts.some((one) => one.version || ("osType" in one && one.osType));
  return path.length === 1 || command.version || differs ? cli.serverInfo() : undefined;
}

/** Throws when the command, one above it or a flag that was given needs a newer engine. */
async function checkSupport(cli: Cli, path: Command[], changed: ReadonlySet<string>): Promise<void> {
  const errors: string[] = [];
  const tooOld = async (needed: string) => olderThan((await cli.client()).version, needed);
  const spoken = async () => `but the Docker daemon API version is ${(await cli.client()).version}`;
  for (const { version: needed } of path)
    if (needed && (await tooOld(needed)))
      throw new Error(`${commandPath(path)} requires API version ${needed}, ${await spoken()}`);
  for (const [name, flag] of Object.entries(path.at(-1)!.flags)) {
    if (!changed.has(name)) continue;
    if (flag.version && (await tooOld(flag.version))) {
      errors.push(`"--${name}" requires API version ${flag.version}, ${await spoken()}`);
      continue;
    }
    const { osType, experimental } = flag.osType || flag.experimental ? await supportOf(cli) : everything;
    if (flag.osType && osType && osType !== flag.osType)
      errors.push(
        `"--${name}" is only supported on a Docker daemon running on ${flag.osType}, but the Docker daemon is running on ${osType}`,
      );
    else if (flag.experimental && !experimental)
      errors.push(`"--${name}" is only supported on a Docker daemon with experimental features enabled`);
  }
  if (errors.length > 0) throw new Error(errors.join("\n"));
}

/** An engine that does not answer is taken to support everything. */
const everything = { osType: "", experimental: true };

async function supportOf(cli: Cli): Promise<{ osType: string; experimental: boolean }> {
  return (await cli.serverInfo()) ?? everything;
}
