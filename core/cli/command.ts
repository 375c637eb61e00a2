import type { Cli } from "./cli.ts";
import type { Flags, FlagValues } from "./flags.ts";

/** What a running command knows of its command line besides its values. */
export interface Invocation {
  /** Names of the flags that were given. */
  changed: ReadonlySet<string>;
  /** "docker container ls". */
  path: string;
  /** "docker container ls [OPTIONS]". */
  usageLine: string;
  /** How many arguments stood before "--"; -1 without one. */
  argsBeforeDash: number;
}

/** Throws when a command's arguments are not as many as it takes. */
export type ArgumentsRule = (args: readonly string[], at: { path: string; usageLine: string }) => void;

/** The declaration of one docker command; `F` are its flags by long name. */
export interface CommandDeclaration<F extends Flags> {
  /** Docker's usage line without "docker" and parents: "rm [OPTIONS] CONTAINER [CONTAINER...]". Its first word is the name. */
  usage: string;
  aliases?: readonly string[];
  /** What --help shows below "Aliases:", such as "docker container rm, docker rm". */
  aliasLine?: string;
  /** One line, for the list of commands. */
  short: string;
  /** For the command's own --help, instead of `short`. */
  long?: string;
  examples?: string;
  hidden?: boolean;
  /** Its place among "Common Commands" of `docker --help`. */
  commonRank?: number;
  /** The API version that the engine has to speak for this command. */
  version?: string;
  flags: F;
  /** False: the first argument ends the flags, as in `docker run IMAGE ls -l`. */
  interspersed?: boolean;
  arguments: ArgumentsRule;
  /** Does the work; resolves to the exit status (0 when void). What it throws is printed to standard error, exit status 1 or a StatusError's. */
  run(cli: Cli, args: string[], flags: FlagValues<F>, invocation: Invocation): Promise<number | void>;
}

/** A docker command, or a parent of commands such as `docker container`. */
export type Command = Omit<CommandDeclaration<Flags>, "run"> & {
  name: string;
  children: readonly Command[];
  run?: (
    cli: Cli,
    args: string[],
    flags: Record<string, unknown>,
    invocation: Invocation,
  ) => Promise<number | void>;
};

/** A command as `declaration` says. */
export function command<const F extends Flags>(declaration: CommandDeclaration<F>): Command {
  const { run, ...rest } = declaration;
  return {
    ...rest,
    name: nameOf(declaration.usage),
    children: [],
    run: (cli, args, flags, invocation) => run(cli, args, flags as FlagValues<F>, invocation),
  };
}

/** A command that only groups others: `docker container`. */
export function parent(declaration: {
  usage: string;
  short: string;
  version?: string;
  children: Command[];
}): Command {
  return { ...declaration, name: nameOf(declaration.usage), flags: {}, arguments: none };
}

const nameOf = (usage: string) => usage.split(" ", 1)[0]!;

const plural = (count: number) => (count === 1 ? "argument" : "arguments");

/** No arguments. */
export const none: ArgumentsRule = (args, { path, usageLine }) => {
  if (args.length > 0)
    throw new Error(
      `docker: '${path}' accepts no arguments\n\nUsage:  ${usageLine}\n\nRun '${path} --help' for more information`,
    );
};

export function minimum(count: number): ArgumentsRule {
  return (args, { path, usageLine }) => {
    if (args.length < count)
      throw new Error(
        `docker: '${path}' requires at least ${count} ${plural(count)}\n\nUsage:  ${usageLine}\n\nSee '${path} --help' for more information`,
      );
  };
}

export function maximum(count: number): ArgumentsRule {
  return (args, { path, usageLine }) => {
    if (args.length > count)
      // The stray "S" is in docker 28's own text.
      throw new Error(
        `docker: '${path}' requires at most ${count} ${plural(count)}\n\nUsage:  ${usageLine}\n\nSRun '${path} --help' for more information`,
      );
  };
}

export function between(least: number, most: number): ArgumentsRule {
  return (args, { path, usageLine }) => {
    if (args.length < least || args.length > most)
      throw new Error(
        `docker: '${path}' requires at least ${least} and at most ${most} ${plural(most)}\n\nUsage:  ${usageLine}\n\nRun '${path} --help' for more information`,
      );
  };
}

export function exact(count: number): ArgumentsRule {
  return (args, { path, usageLine }) => {
    if (args.length !== count)
      throw new Error(
        `docker: '${path}' requires ${count} ${plural(count)}\n\nUsage:  ${usageLine}\n\nRun '${path} --help' for more information`,
      );
  };
}

/** Any number of arguments. */
export const any: ArgumentsRule = () => {};
