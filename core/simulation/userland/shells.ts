import type { Program } from "../kernel/program.ts";
import { runShell } from "../shell/main.ts";

/** Debian's /bin/sh. */
export const dash: Program = (process) => runShell(process, { dialect: "dash" });

export const bash: Program = (process) => runShell(process, { dialect: "bash" });
