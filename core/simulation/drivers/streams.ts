import { Errno } from "../../files/filesystem.ts";
import type { ByteSink, ByteSource } from "../../platform/bytes.ts";
import { O } from "../kernel/calls.ts";
import type { Pipe } from "../kernel/pipe.ts";
import type { TtyMaster } from "../kernel/tty.ts";
import type { WaitQueue } from "../kernel/wait-queue.ts";

/** A stream on its way out of a container. */
export interface Drain {
  /** Nobody has the other end open any more. */
  writersGone(): boolean;
  /** Hands on what is left, and settles when all of it has been taken. */
  finish(): Promise<void>;
}

/** Copies what is read to a sink until the end; the next piece is only read when the last was taken (backpressure). */
function drain(
  read: () => Uint8Array | undefined,
  readable: WaitQueue,
  sink: ByteSink,
  gone: () => boolean,
  done: () => void,
): Drain {
  let open = true;
  let stopping = false;
  const copied = (async () => {
    for (;;) {
      const bytes = read();
      if (bytes && bytes.length === 0) break;
      if (bytes) {
        // A reader who is gone does not stop the container; what it writes is lost then, as a log without space would be.
        if (open) await sink.write(bytes).catch(() => (open = false));
        continue;
      }
      if (stopping) break;
      await readable.next();
    }
    sink.close();
    done();
  })();
  return {
    writersGone: gone,
    finish() {
      stopping = true;
      readable.wake();
      return copied;
    },
  };
}

/** Takes a process's output from its pipe. */
export function drainPipe(pipe: Pipe, sink: ByteSink): Drain {
  const reader = pipe.open(O.RDONLY);
  reader.references++;
  return drain(
    () => reader.read(32768),
    reader.readable,
    sink,
    () => pipe.writers === 0,
    () => reader.release(),
  );
}

/** Takes what a terminal shows; it ends when no process has it open. */
export function drainTerminal(master: TtyMaster, sink: ByteSink): Drain {
  const read = () => {
    try {
      return master.read(32768);
    } catch (error) {
      if (error instanceof Errno && error.code === "EIO") return new Uint8Array(0);
      throw error;
    }
  };
  return drain(
    read,
    master.readable,
    sink,
    () => master.tty.slaves === 0,
    () => {},
  );
}

/** Puts what comes from a source into a process's input, as there is room. No source: the input is at its end. */
export function feedPipe(pipe: Pipe, source: ByteSource | null): { stop(): void } {
  if (!source) return { stop: () => {} };
  const writer = pipe.open(O.WRONLY);
  let stopped = false;
  void (async () => {
    for (;;) {
      const bytes = await source.read().catch(() => null);
      if (!bytes || stopped) break;
      for (let done = 0; done < bytes.length && pipe.readers > 0;) {
        const taken = pipe.queue.put(bytes.subarray(done));
        done += taken;
        if (taken === 0) await pipe.queue.writable.next();
      }
      if (pipe.readers === 0) break;
    }
    writer.release();
    source.cancel();
  })();
  return {
    stop() {
      stopped = true;
      pipe.queue.writable.wake();
      source.cancel();
    },
  };
}

/** Types what comes from a source on a terminal. That it ends is not told: the terminal stays. */
export function feedTerminal(master: TtyMaster, source: ByteSource | null): { stop(): void } {
  if (!source) return { stop: () => {} };
  let stopped = false;
  void (async () => {
    for (;;) {
      const bytes = await source.read().catch(() => null);
      if (!bytes || stopped) return;
      master.write(bytes);
    }
  })();
  return {
    stop() {
      stopped = true;
      source.cancel();
    },
  };
}
