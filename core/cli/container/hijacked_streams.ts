import { decodeFrames } from "../../api/stdcopy.ts";
import type { ByteDuplex, ByteSource } from "../../platform/bytes.ts";
import { BrokenPipe } from "../../platform/bytes.ts";
import { Cancelled } from "../../platform/cancellation.ts";
import type { Cancellation } from "../../platform/cancellation.ts";
import type { Cli } from "../cli.ts";
import type { Output } from "../output.ts";
import { Detached, defaultDetachKeys, parseDetachKeys, watchDetachKeys } from "./detach_keys.ts";

export interface StreamChoices {
  connection: ByteDuplex;
  /** Undefined: standard input is not attached. */
  input: ByteSource | undefined;
  /** Undefined: that stream is not attached. */
  output: Output | undefined;
  error: Output | undefined;
  tty: boolean;
  /** "" for Ctrl-P Ctrl-Q. */
  detachKeys: string;
  /** Resolved to leave before the streams end. */
  leave?: Promise<void>;
  /** Cancelled to leave with a Cancelled. */
  cancellation?: Cancellation;
}

/**
 * Carries a container's streams between the terminal and a hijacked connection, until its output ends. With a
 * terminal and input, the user's terminal is raw meanwhile. Rejects with Detached when the detach keys are typed.
 */
export async function carryStreams(cli: Cli, choices: StreamChoices): Promise<void> {
  const { connection, input, output, error, tty } = choices;
  const raw = input !== undefined && tty;
  const restore = raw
    ? once((cli.console.terminals.stdin ?? cli.console.terminals.stdout)?.raw() ?? (() => {}))
    : () => {};
  const typed = raw ? watchDetachKeys(input, await detachKeysOf(cli, choices.detachKeys)) : input;
  const ends: Promise<void>[] = [];
  if (output || error) ends.push(carryOutput(choices).finally(restore));
  const sent = carryInput(connection, typed).finally(restore);
  // The end of input is not the end, as long as there is output to wait for.
  ends.push(ends.length > 0 ? sent.then(() => new Promise<void>(() => {})) : sent);
  if (choices.leave) ends.push(choices.leave);
  let undo = () => {};
  if (choices.cancellation)
    ends.push(
      new Promise((_, reject) => {
        undo = choices.cancellation!.onCancel((reason) => reject(new Cancelled(reason)));
      }),
    );
  try {
    await Promise.race(ends);
  } finally {
    undo();
    restore();
    for (const end of ends) end.catch(() => {});
    input?.cancel();
    connection.source.cancel();
    connection.sink.close();
    await output?.flush();
    await error?.flush();
  }
}

async function carryOutput({ connection, output, error, tty }: StreamChoices): Promise<void> {
  if (!tty || !output) return decodeFrames(connection.source, { stdout: output, stderr: error });
  for (;;) {
    const chunk = await connection.source.read();
    if (!chunk) return;
    await output.write(chunk);
  }
}

async function carryInput({ sink }: ByteDuplex, input: ByteSource | undefined): Promise<void> {
  try {
    for (;;) {
      const chunk = await input?.read();
      if (!chunk) break;
      await sink.write(chunk);
    }
  } catch (error) {
    if (error instanceof Detached) throw error;
    // A container that reads no more does not end the streaming: its output still counts.
    if (!(error instanceof BrokenPipe)) input?.cancel();
  }
  sink.close();
}

/** The error of a command that catches signals, SIGPIPE among them, when the reader of its output is gone. */
export function outputError(error: Error): Error {
  return error instanceof BrokenPipe ? new Error("write /dev/stdout: broken pipe") : error;
}

async function detachKeysOf(cli: Cli, keys: string): Promise<Uint8Array> {
  if (keys === "") return defaultDetachKeys;
  try {
    return parseDetachKeys(keys);
  } catch (error) {
    await cli.err.line(`invalid detach escape keys, using default: ${(error as Error).message}`);
    return defaultDetachKeys;
  }
}

function once(work: () => void): () => void {
  let done = false;
  return () => {
    if (!done) work();
    done = true;
  };
}
