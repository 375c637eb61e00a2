import type { Syscall } from "../kernel/calls.ts";
import type { ProgramProcess } from "../kernel/program.ts";
import { sys } from "../kernel/syscalls.ts";
import type { SignalName } from "../kernel/signals.ts";
import { encodeText } from "./characters.ts";
import type { DialectName, MessageContext } from "./dialect.ts";
import { shellMessage } from "./dialect.ts";
import type { Job } from "./jobs.ts";
import type { Command } from "./syntax.ts";
import { Variables } from "./variables.ts";

/** What every part of the shell is: a generator of system calls. */
export type Steps<T> = Generator<Syscall, T, any>;

/** The names of the `set -o` options that this shell has. */
export type OptionName =
  | "errexit" | "noglob" | "ignoreeof" | "interactive" | "monitor" | "noexec" | "stdin" | "xtrace" | "verbose" | "vi" | "emacs"
  | "noclobber" | "allexport" | "notify" | "nounset" | "privileged" | "nolog" | "debug" | "pipefail" | "errtrace" | "hashall"; // prettier-ignore

/** The state of one shell process. A subshell has a copy. */
export class Shell {
  readonly dialect: DialectName;
  readonly process: ProgramProcess;
  /** $0. */
  name: string;
  input: MessageContext["input"] = "stdin";
  variables: Variables;
  positional: string[] = [];
  functions = new Map<string, Command>();
  aliases = new Map<string, string>();
  options = new Set<OptionName>();
  /** Actions by signal ("EXIT", "INT"); "" ignores. */
  traps = new Map<string, string>();
  /** Signals that came and whose trap has not run. */
  pending: SignalName[] = [];
  /** Ctrl-C came to an interactive shell. */
  interrupted = false;
  /** $? */
  status = 0;
  /** $$ */
  pid = 0;
  /** $! */
  backgroundPid: number | undefined;
  jobs: Job[] = [];
  line = 1;
  loops = 0;
  /** Functions and sourced files that `return` can leave. */
  returnable = 0;
  /** The shell's own group and its terminal, when it controls jobs. */
  terminal: { fd: number; group: number } | undefined;
  /** The status of the last command substitution of the command at hand. */
  substitutionStatus: number | undefined;
  /** Where commands were found. */
  hashed = new Map<string, string>();
  /** Position within a group of options, for getopts. */
  optionOffset = 0;
  /** Whether busybox's applets come before PATH. */
  readonly applets: ReadonlySet<string> | undefined;
  /** Lines that were typed, oldest first. */
  history: string[] = [];

  constructor(process: ProgramProcess, dialect: DialectName, name: string, applets?: ReadonlySet<string>) {
    this.process = process;
    this.dialect = dialect;
    this.name = name;
    this.applets = applets;
    this.variables = new Variables(dialect);
    this.#watch();
  }

  /** The copy that a subshell runs with: traps are reset, jobs are not its own. */
  subshell(): Shell {
    const copy = new Shell(this.process, this.dialect, this.name, this.applets);
    copy.input = this.input;
    copy.variables = this.variables.copy();
    copy.positional = [...this.positional];
    copy.functions = new Map(this.functions);
    copy.aliases = new Map(this.aliases);
    copy.options = new Set(this.options);
    copy.options.delete("interactive");
    copy.options.delete("monitor");
    for (const [signal, action] of this.traps) if (action === "") copy.traps.set(signal, action);
    copy.status = this.status;
    copy.pid = this.pid;
    copy.backgroundPid = this.backgroundPid;
    copy.line = this.line;
    copy.loops = this.loops;
    copy.returnable = this.returnable;
    copy.hashed = new Map(this.hashed);
    copy.#watch();
    return copy;
  }

  get interactive(): boolean {
    return this.options.has("interactive");
  }

  get extended(): boolean {
    return this.dialect !== "dash";
  }

  /** Says what is wrong, on standard error. */
  *complain(text: string, builtin?: string): Steps<void> {
    const { name, line, interactive, input } = this;
    yield* this.print(2, shellMessage(this.dialect, text, { name, line, interactive, input, builtin }));
  }

  *print(fd: number, text: string): Steps<void> {
    if (text !== "") yield* sys.write(fd, encodeText(text));
  }

  #watch(): void {
    this.variables.onChange = (name) => {
      if (name === "PATH") this.hashed.clear();
      else if (name === "OPTIND") this.optionOffset = 0;
    };
  }
}
