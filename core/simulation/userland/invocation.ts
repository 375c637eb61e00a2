import { Errno } from "../../files/filesystem.ts";
import { O } from "../kernel/calls.ts";
import { strerror } from "../kernel/errno-text.ts";
import type { ProgramProcess } from "../kernel/program.ts";
import { sys } from "../kernel/syscalls.ts";
import { concat } from "../../platform/bytes.ts";
import { decodeText, encodeText } from "../shell/characters.ts";
import { OptionError, parseOptions } from "./options.ts";
import type { OptionSpec, Options } from "./options.ts";
import type { Flavour, Steps, UserProgram } from "./user-program.ts";

/** Ends a program from within, with what it has printed. */
export class ExitStatus extends Error {
  override name = "ExitStatus";
  readonly status: number;
  constructor(status: number) {
    super(`exit ${status}`);
    this.status = status;
  }
}

const bufferSize = 16384;

/** One run of a user program: its arguments, its standard streams and the way it complains. */
export class Invocation {
  readonly process: ProgramProcess;
  readonly program: UserProgram;
  /** How it calls itself in messages. */
  readonly name: string;
  readonly flavour: Flavour;
  readonly args: readonly string[];
  /** What is returned when the program went on after an error. */
  status = 0;
  #chunks: Uint8Array[] = [];
  #size = 0;

  constructor(
    process: ProgramProcess,
    program: UserProgram,
    flavour: Flavour,
    name: string,
    args: readonly string[],
  ) {
    this.process = process;
    this.program = program;
    this.flavour = flavour;
    this.name = name;
    this.args = args;
  }

  get busybox(): boolean {
    return this.flavour === "busybox";
  }

  /** The name without directories, which selects the applet. */
  get applet(): string {
    return this.name.slice(this.name.lastIndexOf("/") + 1);
  }

  /** Writes to standard output, gathered until `flush`. */
  *print(text: string): Steps<void> {
    if (text !== "") yield* this.write(encodeText(text));
  }

  *write(bytes: Uint8Array): Steps<void> {
    this.#chunks.push(bytes);
    this.#size += bytes.length;
    if (this.#size >= bufferSize) yield* this.flush();
  }

  /** Writes out what was gathered. To be called before anything that may wait. */
  *flush(): Steps<void> {
    if (this.#size === 0) return;
    const bytes = concat(this.#chunks);
    this.#chunks = [];
    this.#size = 0;
    yield* sys.write(1, bytes);
  }

  /** "name: text" on standard error; the program will end with `status`. */
  *complain(text: string, status = 1): Steps<void> {
    yield* this.flush();
    this.status = status;
    yield* sys.write(2, encodeText(`${this.name}: ${text}\n`));
  }

  /** Text on standard error as it is. */
  *printError(text: string): Steps<void> {
    yield* this.flush();
    yield* sys.write(2, encodeText(text));
  }

  /** Complains and ends the program. */
  *fail(text: string, status = 1): Steps<never> {
    yield* this.complain(text, status);
    throw new ExitStatus(status);
  }

  /** Complains about a failed call with `what` before the reason; other errors are thrown on. */
  *complainOf(error: unknown, what: string, status = 1): Steps<void> {
    if (!(error instanceof Errno)) throw error;
    yield* this.complain(`${what}: ${strerror(error.code)}`, status);
  }

  /** The arguments (or `args`, made from them) by `spec`. A mistake prints what the flavour's getopt and usage print, and ends the program. */
  *options(spec: OptionSpec, usageStatus = 1, args: readonly string[] = this.args): Steps<Options> {
    try {
      const options = parseOptions(args, spec);
      if (options.has("help") && spec.long?.["help"] === undefined) yield* this.help();
      return options;
    } catch (error) {
      if (!(error instanceof OptionError)) throw error;
      yield* this.complain(error.message);
      return yield* this.usage(this.busybox ? 1 : usageStatus);
    }
  }

  /** The usage text on standard error, and the end. */
  *usage(status = 1): Steps<never> {
    if (this.busybox) yield* this.printError(this.#usageText());
    else yield* this.printError(`Try '${this.name} --help' for more information.\n`);
    throw new ExitStatus(status);
  }

  *help(): Steps<never> {
    if (this.busybox) yield* this.printError(this.#usageText());
    else yield* this.print(`Usage: ${this.name} ${this.program.usage}\n${this.program.summary}\n`);
    throw new ExitStatus(0);
  }

  #usageText(): string {
    return `${busyboxBanner(this.process.identity.version)}\n\nUsage: ${this.applet} ${this.program.usage}\n\n${this.program.summary}\n`;
  }

  /**
   * Opens a file for reading ("-" is standard input); complains and gives undefined when that fails. `plain`: "FILE:
   * why", as GNU's programs and some of busybox's applets say it, instead of "can't open 'FILE': why".
   */
  *openInput(path: string, status = 1, plain = !this.busybox): Steps<number | undefined> {
    if (path === "-") return 0;
    try {
      return yield* sys.open(path, O.RDONLY);
    } catch (error) {
      if (!(error instanceof Errno)) throw error;
      const reason = strerror(error.code);
      yield* this.complain(plain ? `${path}: ${reason}` : `can't open '${path}': ${reason}`, status);
      return undefined;
    }
  }

  /** Closes what openInput gave. */
  *closeInput(fd: number): Steps<void> {
    if (fd !== 0) yield* sys.close(fd);
  }

  /** Up to 64 KiB of `fd`, null at its end. What is printed so far goes out first. */
  *read(fd: number): Steps<Uint8Array | null> {
    yield* this.flush();
    const bytes = yield* sys.read(fd, 65536);
    return bytes.length === 0 ? null : bytes;
  }

  /** Everything of a file or of standard input ("-"), or undefined after a complaint. */
  *readInput(path: string, status = 1, plain = !this.busybox): Steps<Uint8Array | undefined> {
    const fd = yield* this.openInput(path, status, plain);
    if (fd === undefined) return undefined;
    const chunks: Uint8Array[] = [];
    try {
      for (let chunk = yield* this.read(fd); chunk; chunk = yield* this.read(fd)) chunks.push(chunk);
    } catch (error) {
      yield* this.complainOf(error, this.busybox ? "read error" : path, status);
      return undefined;
    } finally {
      yield* this.closeInput(fd);
    }
    return concat(chunks);
  }

  *readText(path: string, status = 1, plain = !this.busybox): Steps<string | undefined> {
    const bytes = yield* this.readInput(path, status, plain);
    return bytes && decodeText(bytes);
  }
}

/** The line that names busybox and its version. */
export function busyboxBanner(version: string): string {
  const build = version === "1.35.0" ? " (Debian 1:1.35.0-4+deb12u1+b1)" : "";
  return `BusyBox v${version || "1.36.1"}${build} multi-call binary.`;
}
