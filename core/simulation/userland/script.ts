import { Errno } from "../../files/filesystem.ts";
import { O, POLL, type PollRequest } from "../kernel/calls.ts";
import { shellStatus } from "../kernel/process-status.ts";
import { sys } from "../kernel/syscalls.ts";
import { encodeText } from "../shell/characters.ts";
import { formatDate } from "./date-format.ts";
import type { Steps, UserProgram } from "./user-program.ts";

/** util-linux's script: runs a command on a terminal of its own and keeps what it shows. */
export const script: UserProgram = {
  names: ["script"],
  flavours: ["gnu"],
  usage: "[options] [file]",
  summary: "Make a typescript of a terminal session.",
  *main(io) {
    const options = yield* io.options({
      short: "qec:afE:O:I:T:m:o:t::",
      long: { quiet: "q", return: "e", command: "c:", append: "a", flush: "f", echo: "E:", force: "force" },
    });
    const path = options.get("O") ?? options.operands[0] ?? "typescript";
    const quiet = options.has("q");
    const log = yield* sys.open(path, O.WRONLY | O.CREAT | (options.has("a") ? O.APPEND : O.TRUNC), 0o666);
    const onTerminal = yield* isTerminal(0);
    const size = onTerminal ? yield* sys.getWinsize(0) : { columns: 0, rows: 0 };
    const { master, slave } = yield* sys.openpty(size);
    const command = options.get("c");
    const shell = io.process.getenv("SHELL") ?? "/bin/sh";
    if (!quiet) yield* io.print(`Script started, output log file is '${path}'.\n`);
    yield* io.flush();
    yield* sys.write(
      log,
      encodeText(
        `Script started on ${formatDate("%Y-%m-%d %H:%M:%S%:z", yield* sys.clock())} [${command === undefined ? "" : `COMMAND="${command}" `}<not executed on terminal>]\n`,
      ),
    );
    let over = false;
    yield* sys.sigaction("SIGCHLD", { handler: () => void (over = true) });
    const pid = yield* sys.clone(function* () {
      yield* sys.sigaction("SIGCHLD", "default");
      yield* sys.close(master);
      yield* sys.setsid();
      yield* sys.setControllingTerminal(slave);
      for (const fd of [0, 1, 2]) yield* sys.dup2(slave, fd);
      yield* sys.close(slave);
      return yield* sys.exec(
        shell,
        command === undefined ? [shell.split("/").at(-1)!, "-i"] : [shell.split("/").at(-1)!, "-c", command],
      );
    });
    yield* sys.close(slave);
    if (onTerminal) {
      yield* sys.tcsetattr(0, { canonical: false, echo: false, signals: false, crToNl: false });
      yield* sys.sigaction("SIGWINCH", { handler: function* () { yield* sys.setWinsize(master, yield* sys.getWinsize(0)); }, restart: true }); // prettier-ignore
    }
    const shown = function* (): Steps<boolean> {
      try {
        const block = yield* sys.read(master, 65536);
        if (block.length === 0) return false;
        yield* sys.write(1, block);
        yield* sys.write(log, block);
        return true;
      } catch (error) {
        if (error instanceof Errno && error.code === "EIO") return false;
        throw error;
      }
    };
    let reading = true;
    // It ends with the command, not with the last process that still has the terminal open.
    while (!over) {
      const watched = [{ fd: master, events: POLL.IN }, ...(reading ? [{ fd: 0, events: POLL.IN }] : [])];
      const [output = 0, input = 0] = yield* pollAgain(watched);
      if (output !== 0 && !(yield* shown())) break;
      if (input !== 0) {
        const block = yield* sys.read(0, 4096);
        if (block.length === 0) reading = false;
        // The end of the input is typed as ^D.
        yield* sys.write(master, block.length > 0 ? block : new Uint8Array([4]));
      }
    }
    while ((yield* pollAgain([{ fd: master, events: POLL.IN }], drainTime))[0] && (yield* shown())) continue;
    if (onTerminal) yield* sys.tcsetattr(0, { canonical: true, echo: true, signals: true, crToNl: true });
    const status = shellStatus((yield* sys.waitpid(pid))!.status);
    yield* sys.write(
      log,
      encodeText(
        `\nScript done on ${formatDate("%Y-%m-%d %H:%M:%S%:z", yield* sys.clock())} [COMMAND_EXIT_CODE="${status}"]\n`,
      ),
    );
    if (!quiet) yield* io.print("Script done.\n");
    return options.has("e") ? status : 0;
  },
};

function* isTerminal(fd: number) {
  try {
    return yield* sys.isatty(fd);
  } catch (error) {
    if (error instanceof Errno) return false;
    throw error;
  }
}

/** How long what the terminal still holds may take to come out once the command has ended, in milliseconds. */
const drainTime = 10;

/** poll, for which a signal is no error: nothing is ready. */
function* pollAgain(watched: PollRequest[], timeout?: number): Steps<number[]> {
  try {
    return yield* sys.poll(watched, timeout);
  } catch (error) {
    if (error instanceof Errno && error.code === "EINTR") return [];
    throw error;
  }
}
