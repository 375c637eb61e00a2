import { invalidParameter, systemError } from "../../errors/errors.ts";

/** Linux's signals by number (x86 and arm). */
const names =
  "HUP INT QUIT ILL TRAP ABRT BUS FPE KILL USR1 SEGV USR2 PIPE ALRM TERM STKFLT CHLD CONT STOP TSTP TTIN TTOU URG XCPU XFSZ VTALRM PROF WINCH IO PWR SYS".split(
    " ",
  );

const aliases: Readonly<Record<string, number>> = { IOT: 6, POLL: 29, CLD: 17, RTMIN: 34, RTMAX: 64 };

/** The number of "9", "KILL", "sigkill", "RTMIN+1". Throws invalidParameter "invalid signal: x". */
export function signalNumber(signal: string): number {
  const invalid = () => invalidParameter(`invalid signal: ${signal}`);
  if (/^\d+$/.test(signal)) {
    const number = Number(signal);
    if (number === 0) throw invalid();
    if (number > 64) throw systemError(`the linux daemon does not support signal ${number}`);
    return number;
  }
  const name = signal.toUpperCase().replace(/^SIG/, "");
  const realtime = /^(RTMIN\+|RTMAX-)(\d+)$/.exec(name);
  if (realtime) {
    const number = realtime[1] === "RTMIN+" ? 34 + Number(realtime[2]) : 64 - Number(realtime[2]);
    if (number < 34 || number > 64) throw invalid();
    return number;
  }
  const number = aliases[name] ?? names.indexOf(name) + 1;
  if (number === 0) throw invalid();
  return number;
}

/** "SIGKILL" of 9, as a TaskProcess takes it. */
export function signalName(number: number): string {
  const name = names[number - 1];
  if (name) return `SIG${name}`;
  if (number === 34) return "SIGRTMIN";
  return `SIGRTMIN+${number - 34}`;
}
