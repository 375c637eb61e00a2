import type { Program } from "../kernel/program.ts";
import { runShell } from "../shell/main.ts";
import { busyboxBanner } from "./invocation.ts";
import { runUserProgram } from "./run-user-program.ts";
import type { UserProgram } from "./user-program.ts";
import { encodeText } from "../shell/characters.ts";
import { sys } from "../kernel/syscalls.ts";

const shells = new Set(["sh", "ash"]);

/** busybox: many applets in one file; argv[0], or else the first argument, says which. */
export function busyboxProgram(programs: readonly UserProgram[]): Program {
  const applets = new Map<string, UserProgram>();
  for (const program of programs) {
    if (program.flavours && !program.flavours.includes("busybox")) continue;
    for (const name of program.names) applets.set(name, program);
  }
  const names = [...applets.keys(), ...shells].sort();
  const nameSet = new Set([...names, "busybox"]);

  return function* (process) {
    const { version } = process.identity;
    const say = (fd: number, text: string) => sys.write(fd, encodeText(text));
    const banner = busyboxBanner(version);
    let [name = "busybox", ...args] = process.argv;
    name = name.replace(/^-/, "").split("/").at(-1)!;
    if (name === "busybox" || (!nameSet.has(name) && name.startsWith("busybox"))) {
      const first = args[0];
      if (first === undefined || first === "--help") {
        yield* say(1, `${banner}\n\n${introduction}\n\nCurrently defined functions:\n${columns(names)}\n`);
        return 0;
      }
      if (first === "--list" || first === "--list-full") {
        yield* say(1, names.map((each) => `${first === "--list" ? each : `bin/${each}`}\n`).join(""));
        return 0;
      }
      if (first === "--install") return 0;
      name = first.split("/").at(-1)!;
      args = args.slice(1);
    }
    if (shells.has(name)) {
      // Started as `busybox sh` or by its own name, the shell's name is that of the applet.
      const argv = process.argv[0]?.endsWith("busybox") ? [name, ...args] : process.argv;
      const shown = `\n\n${banner.replace("multi-call binary.", "built-in shell (ash)")}\nEnter 'help' for a list of built-in commands.\n\n`;
      return yield* runShell(
        { ...fromProcess(process), argv },
        { dialect: "ash", applets: nameSet, banner: shown },
      );
    }
    const program = applets.get(name);
    if (!program) {
      yield* say(2, `${name}: applet not found\n`);
      return 127;
    }
    return yield* runUserProgram(program, process, "busybox", name, args);
  };
}

function fromProcess(process: Parameters<Program>[0]): Parameters<Program>[0] {
  return {
    argv: process.argv,
    env: process.env,
    identity: process.identity,
    getenv: (name) => process.getenv(name),
    onExit: (listener) => process.onExit(listener),
  };
}

const introduction = `Usage: busybox [function [arguments]...]
   or: busybox --list[-full]
   or: function [arguments]...

	Many Unix utilities in one executable: link to it under the name of
	each function that is wanted, and it acts as the one it was called by.`;

function columns(names: readonly string[]): string {
  let text = "";
  let line = "";
  for (const [at, name] of names.entries()) {
    const piece = name + (at < names.length - 1 ? ", " : "");
    if (line.length + piece.length > 70) {
      text += `\t${line.trimEnd()}\n`;
      line = "";
    }
    line += piece;
  }
  return text + `\t${line}`;
}
