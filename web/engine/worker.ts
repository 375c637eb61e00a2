import { expose } from "comlink";
import { serveLink, type LinkMessage } from "../../core/api/link.ts";
import { runDocker } from "../../core/cli/docker.ts";
import { portableCodecs } from "../../core/platform/portable-codecs.ts";
import { sessionFormat, writeLog, type SessionLog } from "../../core/session/log.ts";
import { Session, type SessionSurroundings } from "../../core/session/session.ts";
import { withoutLastLine } from "../../core/session/undo.ts";
import { wallPacer } from "../../core/simulation/kernel/pacing.ts";
import { prefetchWorld } from "../../core/simulation/world.ts";
import type { MachineWorker } from "./protocol.ts";

const environment = [
  "HOME=/root",
  "USER=root",
  "LOGNAME=root",
  "SHELL=/bin/bash",
  "TERM=xterm-256color",
  "LANG=C.UTF-8",
  "PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin",
];

/** Milliseconds from the first prompt until the rest of the code is fetched. */
const prefetchAfter = 2500;

let session: Session;
let size = { columns: 80, rows: 24 };
let watch: Parameters<MachineWorker["boot"]>[3];
/** Logs that were undone, the latest last. */
let undone: SessionLog[] = [];
/** Grows with each machine; what an earlier one still prints is not shown. */
let generation = 0;
let failure: string | undefined;
/** There was a saved machine, and this is not it. */
let lost = false;

const turns: (() => void)[] = [];
const { port1: turnPort, port2: turnBell } = new MessageChannel();
turnBell.onmessage = () => turns.shift()?.();

function surroundings(): SessionSurroundings {
  const mine = ++generation;
  const sink = {
    write: async (bytes: Uint8Array) => {
      if (mine === generation) await watch.draw(bytes);
    },
    close: () => {},
    abort: () => {},
  };
  return {
    codecs: portableCodecs,
    docker: runDocker,
    // A message to oneself is the next macrotask; a timer would wait for milliseconds.
    turn: () =>
      new Promise((resolve) => {
        turns.push(resolve);
        turnPort.postMessage(0);
      }),
    pace: (elapsed) =>
      wallPacer(
        {
          now: () => performance.now(),
          sleep: (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds)),
        },
        elapsed,
      ),
    output: () => ({ stdout: sink, stderr: sink }),
  };
}

function newMachine(): Promise<Session> {
  const seed = crypto.getRandomValues(new Uint32Array(2));
  return Session.start(
    { seed: seed[0]! + (seed[1]! % 2 ** 20) * 2 ** 32, epoch: BigInt(Date.now()) * 1_000_000n },
    surroundings(),
  );
}

/** The terminal's line: the last one that was opened since the last boot. */
const line = () => session.lines.length - 1;

async function openTerminal(): Promise<void> {
  const at = session.lines.length;
  await session.input({
    kind: "open",
    line: at,
    path: "/usr/bin/bash",
    argv: ["bash"],
    env: environment,
    cwd: "/root",
    terminal: size,
  });
  attend();
}

/** `exit` and Ctrl-D end the shell, not the machine: a new one is there at once, as a getty would have it. */
function attend(): void {
  const at = line();
  const opened = session.lines[at]!;
  void opened.ended.then(() => {
    if (session.lines[at] === opened) void openTerminal();
  });
}

/** Puts the machine of another log in the place of this one. */
async function goTo(log: SessionLog): Promise<void> {
  session.world.kernel.loop.halt();
  const around = surroundings();
  await watch.draw(new TextEncoder().encode("\x1bc"));
  session = await Session.replay(log, around);
  await session.input({ kind: "resize", line: line(), ...size });
  attend();
  observe();
}

/** Tells the page whenever something may have changed. */
function observe(): void {
  let told = false;
  const tell = () => {
    if (told) return;
    told = true;
    // Whatever happens in one go is told once.
    setTimeout(() => {
      told = false;
      watch.changed({
        canUndo: withoutLastLine(session.log) !== undefined,
        canRedo: undone.length > 0,
        lost,
        failure,
      });
    }, 60);
  };
  session.world.engine.steps.listen(tell);
  session.world.kernel.onObservation(
    ({ kind }) => (kind === "file" || kind === "exit" || kind === "exec") && tell(),
  );
  tell();
}

const machine: MachineWorker = {
  async boot(saved, terminalSize, api, watcher) {
    watch = watcher;
    size = terminalSize;
    const around = surroundings();
    const usable = saved?.format === sessionFormat ? saved : null;
    // What was printed before the power cut is not printed again.
    const quiet = { ...watcher, draw: async () => {} };
    lost = saved !== null && !usable;
    if (usable) {
      watch = quiet;
      try {
        session = await Session.replay(usable, around);
        await session.input({ kind: "power cut", date: BigInt(Date.now()) * 1_000_000n });
      } catch {
        // Of another version of the simulated world, or damaged: the page says so.
        lost = true;
      }
      watch = watcher;
    }
    if (!usable || lost) session = await newMachine();
    await openTerminal();
    serveLink(
      {
        post: (message) => api.postMessage(message),
        listen: (listener) => (api.onmessage = ({ data }: MessageEvent<LinkMessage>) => listener(data)),
      },
      (request) => session.onlooker(request),
    );
    observe();
    // Everything is there soon, whatever becomes of the network; what is wanted before is fetched at once.
    setTimeout(() => void prefetchWorld().catch(() => {}), prefetchAfter);
  },
  input(bytes) {
    undone = [];
    void session.input({ kind: "keys", line: line(), bytes });
  },
  resize(changed) {
    size = changed;
    void session.input({ kind: "resize", line: line(), ...changed });
  },
  async undo() {
    const shorter = withoutLastLine(session.log);
    if (!shorter) return;
    await session.input({ kind: "close" });
    undone.push(session.log);
    await goTo(shorter);
  },
  async redo() {
    const log = undone.pop();
    if (log) await goTo(log);
  },
  async log() {
    // How far the machine has come since its last input is in no entry.
    const { loop, time } = session.world.kernel;
    const here = { turn: loop.moves, at: time.elapsed, input: { kind: "close" } as const };
    return { ...session.log, entries: [...session.log.entries, here] };
  },
  async digest() {
    await session.input({ kind: "close" });
    return { log: writeLog(session.log), digest: session.digest() };
  },
};

self.addEventListener("unhandledrejection", ({ reason }) => {
  failure = String((reason as Error)?.message ?? reason);
  watch?.changed({
    canUndo: false,
    canRedo: false,
    lost,
    failure,
  });
});

expose(machine);
