import type { Syscall } from "../kernel/calls.ts";
import type { Invocation } from "./invocation.ts";

/** What every part of a program is: a generator of system calls. */
export type Steps<T> = Generator<Syscall, T, any>;

/** Whose words and options a program has: busybox's applets, or those of the GNU and Debian programs of the host. */
export type Flavour = "busybox" | "gnu";

/** One program of the simulated world. */
export interface UserProgram {
  /** The names it goes by; argv[0] tells which. */
  names: readonly string[];
  /** Where it is found; in both when missing. */
  flavours?: readonly Flavour[];
  /** It is in the images that bring it, and not on the host. */
  imageOnly?: true;
  /** Its arguments, for the usage line. */
  usage: string;
  /** What it does, in a few words, for the usage text. */
  summary: string;
  /** Returns the exit status. */
  main(io: Invocation): Steps<number>;
}
