import { Errno } from "../../files/filesystem.ts";
import { strerror } from "../kernel/errno-text.ts";
import type { Program, ProgramProcess } from "../kernel/program.ts";
import { sys } from "../kernel/syscalls.ts";
import { encodeText } from "../shell/characters.ts";
import { ExitStatus, Invocation } from "./invocation.ts";
import type { Flavour, Steps, UserProgram } from "./user-program.ts";

/** Runs a user program to its exit status; what it printed is written out, however it ends. */
export function* runUserProgram(
  program: UserProgram,
  process: ProgramProcess,
  flavour: Flavour,
  name: string,
  args: readonly string[],
): Steps<number> {
  const io = new Invocation(process, program, flavour, name, args);
  try {
    let status: number;
    try {
      status = yield* program.main(io);
    } catch (error) {
      if (!(error instanceof ExitStatus)) throw error;
      status = error.status;
    }
    yield* io.flush();
    return status;
  } catch (error) {
    if (!(error instanceof Errno)) throw error;
    // What stands in no program's own code is a failed write of its output.
    const text =
      flavour === "busybox" || error.code === "EPIPE"
        ? `${name}: write error: ${strerror(error.code)}\n`
        : `${name}: write error: ${strerror(error.code)}\n`;
    yield* sys.write(2, encodeText(text));
    return 1;
  }
}

/** A user program as the host's file system has it, a file of its own. */
export function standaloneProgram(program: UserProgram): Program {
  return function* (process) {
    const name = process.argv[0] ?? program.names[0]!;
    return yield* runUserProgram(program, process, "gnu", name, process.argv.slice(1));
  };
}
