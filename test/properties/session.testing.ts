import { text, utf8, type ByteSink } from "../../core/platform/bytes.ts";
import type { Codecs } from "../../core/platform/digests.ts";
import { readLog, writeLog, type SessionLog } from "../../core/session/log.ts";
import { Session, type SessionSurroundings } from "../../core/session/session.ts";
import { jumping, still, type Pacer } from "../../core/simulation/kernel/pacing.ts";
import { nodeSurroundings } from "../../node-backend/simulated/surroundings.ts";

export const env = ["HOME=/root", "PATH=/usr/sbin:/usr/bin:/sbin:/bin", "TERM=xterm"];

export interface Recorded {
  session: Session;
  /** All that its lines printed. */
  printed(): string;
}

interface Choices {
  pace?: (elapsed: number) => Pacer;
  codecs?: Codecs;
  /** How slowly what is printed is shown. */
  show?: () => Promise<void>;
}

function surroundings(
  { pace = () => jumping, codecs, show = async () => {} }: Choices,
  print: (piece: string) => void,
): SessionSurroundings {
  const sink: ByteSink = {
    write: async (bytes) => {
      print(text(bytes));
      await show();
    },
    close: () => {},
    abort: () => {},
  };
  return {
    ...nodeSurroundings,
    ...(codecs && { codecs }),
    pace,
    output: () => ({ stdout: sink, stderr: sink }),
  };
}

export async function newSession(seed: number, choices: Choices = {}): Promise<Recorded> {
  let printed = "";
  const session = await Session.start(
    { seed, epoch: 1_750_000_000_000_000_000n },
    surroundings(choices, (piece) => (printed += piece)),
  );
  return { session, printed: () => printed };
}

/** Plays a log, through its text. */
export async function replay(log: SessionLog, choices: Choices = {}): Promise<Recorded> {
  let printed = "";
  const session = await Session.replay(
    readLog(writeLog(log)),
    surroundings({ pace: () => still, ...choices }, (piece) => (printed += piece)),
  );
  const digest = session.digest();
  await session.flushed();
  // What goes on afterwards is no part of it.
  session.world.kernel.loop.halt();
  return { session: Object.assign(session, { digest: () => digest }), printed: () => printed };
}

/** Runs a script on the host as `sh` does; its status. */
export async function runScript(session: Session, script: string): Promise<number> {
  const line = session.lines.length;
  const open = { kind: "open" as const, line, path: "/usr/bin/sh", argv: ["sh"], env, cwd: "/root" };
  await session.input({ ...open, terminal: null });
  await session.input({ kind: "keys", line, bytes: utf8(script) });
  await session.input({ kind: "end", line });
  return session.lines[line]!.ended;
}

/** Ends a session; its machine's digest. */
export async function close(session: Session): Promise<string> {
  await session.input({ kind: "close" });
  const digest = session.digest();
  await session.flushed();
  session.world.kernel.loop.halt();
  return digest;
}
