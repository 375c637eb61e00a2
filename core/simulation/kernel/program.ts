import type { Syscall } from "./calls.ts";
import type { ProgramIdentity } from "./elf.ts";

/**
 * A program: a generator of system calls, stepped by the kernel; what it returns is its exit status (0 to 255).
 * It keeps no state outside of itself and knows nothing but its process and what system calls tell.
 * An Errno that it does not catch ends it as an abort (SIGABRT) would.
 */
export type Program = (process: ProgramProcess) => Generator<Syscall, number, any>;

/** What a program is told when it starts. */
export interface ProgramProcess {
  /** argv[0] first; an applet is chosen by it. */
  readonly argv: readonly string[];
  /** "NAME=value" in order. */
  readonly env: readonly string[];
  /** The first value of a variable of `env`. */
  getenv(name: string): string | undefined;
  /** What the executed file says it is: name and version ("busybox", "1.35.0"). */
  readonly identity: ProgramIdentity;
  /** Calls `listener` when the process ends, however it ends (killed too): what it holds outside of the kernel is let go. */
  onExit(listener: () => void): void;
}

/** The programs of the simulated world by name; filled by the composition root. */
export class ProgramRegistry {
  #programs = new Map<string, Program>();

  /** `name`: as syntheticElf(name) has it; "busybox" also serves real busybox files. */
  register(name: string, program: Program): this {
    this.#programs.set(name, program);
    return this;
  }

  get(name: string): Program | undefined {
    return this.#programs.get(name);
  }

  names(): string[] {
    return [...this.#programs.keys()];
  }
}
