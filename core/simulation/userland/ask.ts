import { sys } from "../kernel/syscalls.ts";
import type { Invocation } from "./invocation.ts";
import type { Steps } from "./user-program.ts";

/** Asks on standard error; whether the line that is typed begins with y. */
export function* askYes(io: Invocation, question: string): Steps<boolean> {
  yield* io.printError(question);
  let answer = "";
  for (;;) {
    const byte = yield* sys.read(0, 1);
    if (byte.length === 0 || byte[0] === 10) return /^[yY]/.test(answer);
    answer += String.fromCharCode(byte[0]!);
  }
}
