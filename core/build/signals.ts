const NAMES =
  "ABRT ALRM BUS CHLD CLD CONT FPE HUP ILL INT IO IOT KILL PIPE POLL PROF PWR QUIT SEGV STKFLT STOP SYS TERM TRAP " +
  "TSTP TTIN TTOU URG USR1 USR2 VTALRM WINCH XCPU XFSZ";

/** Throws an Error with Docker's text for what names no signal of Linux; numbers other than 0 are taken as they are. */
export function checkSignal(signal: string): void {
  if (/^[-+]?\d+$/.test(signal) ? Number(signal) !== 0 : isName(signal.toUpperCase().replace(/^SIG/, "")))
    return;
  throw new Error(`invalid signal: ${signal}`);
}

function isName(name: string): boolean {
  const realTime = /^(?:RTMIN(?:\+(\d+))?|RTMAX(?:-(\d+))?)$/.exec(name);
  if (realTime) return Number(realTime[1] ?? 1) <= 15 && Number(realTime[2] ?? 1) <= 14;
  return NAMES.split(" ").includes(name);
}
