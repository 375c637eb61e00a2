import type { ProcessStreams } from "../../containers/streams.ts";
import { BrokenPipe, bytePipe, type ByteDuplex, type ByteSink } from "../../platform/bytes.ts";
import { DetachKeys } from "./detach-keys.ts";

/** Frames output for a client: with a terminal it is raw, without one each piece says its stream. */
export type Framing = (stream: "stdout" | "stderr", bytes: Uint8Array) => Uint8Array;

/** What a client of a process's streams wants. */
export interface StreamClient {
  connection: ByteDuplex;
  stdin: boolean;
  stdout: boolean;
  stderr: boolean;
  /** Closes the process's input when the client's ends (docker run -i); otherwise the client just goes. */
  closeStdin: boolean;
  detachKeys: readonly number[];
  frame: Framing;
}

/**
 * Joins a client to a process's streams. The taps are set at once, before anything is awaited; the promise settles when
 * the process has ended, or the client has gone ("detached": by the detach keys).
 */
export function joinStreams(
  streams: ProcessStreams,
  client: StreamClient,
): Promise<"ended" | "detached" | "gone"> {
  const taps: (() => void)[] = [];
  const outputs: Promise<void>[] = [];
  const writes = serial(client.connection.sink);
  for (const stream of ["stdout", "stderr"] as const) {
    if (!client[stream]) continue;
    const { source, sink } = bytePipe();
    taps.push(streams.tap(stream, sink));
    taps.push(() => sink.close());
    outputs.push(
      (async () => {
        for (;;) {
          const bytes = await source.read();
          if (!bytes) return;
          try {
            await writes(client.frame(stream, bytes));
          } catch (error) {
            if (!(error instanceof BrokenPipe)) throw error;
            source.cancel();
            return;
          }
        }
      })(),
    );
  }
  const untap = () => taps.forEach((tap) => tap());
  const output = Promise.all(outputs).then(() => "ended" as const);
  const input = readInput(streams.stdin, client);
  // A client that only types goes when its input ends; one that listens stays until the process ends.
  const race =
    outputs.length > 0
      ? Promise.race([output, input.then((end) => (end === "closed" ? output : end))])
      : input;
  return race.then((end) => {
    untap();
    return end === "closed" ? "ended" : end;
  });
}

/** Writes to one sink from several places, one after the other. */
function serial(sink: ByteSink): (bytes: Uint8Array) => Promise<void> {
  let tail: Promise<void> = Promise.resolve();
  return (bytes) => (tail = tail.then(() => sink.write(bytes)));
}

/** Hands on what the client sends: "closed" its input has ended and the process knows; "gone" the client is to go. */
async function readInput(
  stdin: ByteSink | undefined,
  client: StreamClient,
): Promise<"closed" | "detached" | "gone"> {
  const { source } = client.connection;
  const keys = new DetachKeys(client.detachKeys);
  for (;;) {
    let bytes: Uint8Array | null;
    try {
      bytes = await source.read();
    } catch {
      return "gone";
    }
    if (!client.stdin || !stdin) {
      if (!bytes) return "closed";
      continue;
    }
    if (!bytes) {
      if (!client.closeStdin) return "gone";
      stdin.close();
      return "closed";
    }
    const { pass, detached } = keys.filter(bytes);
    try {
      if (pass.length > 0) await stdin.write(pass);
    } catch (error) {
      if (!(error instanceof BrokenPipe)) throw error;
      return "closed";
    }
    if (detached) return "detached";
  }
}
