import { Cancellation } from "../../platform/cancellation.ts";
import type { Cli } from "../cli.ts";
import { command, minimum } from "../command.ts";
import { bool, string } from "../flags/basic.ts";
import { log } from "../log.ts";
import { attachContainer, checkTerminal } from "./attach_container.ts";
import { checkPull, createContainer, helpError, withHelp } from "./create.ts";
import { configurationFlags, creationFlags } from "./create_flags.ts";
import type { ConfigurationValues, CreationValues } from "./create_flags.ts";
import { createRequest } from "./create_request.ts";
import type { CreateRequest } from "./create_request.ts";
import { Detached } from "./detach_keys.ts";
import { forwardSignals } from "./forward_signals.ts";
import { carryStreams, outputError } from "./hijacked_streams.ts";
import { followTerminalSize } from "./resize.ts";
import { beginWait } from "./wait_exit.ts";

const runFlags = {
  detach: bool({ short: "d", usage: "Leave the container in the background and print its ID" }),
  "sig-proxy": bool({ usage: "Hand signals on to the process", default: true }),
  "detach-keys": string({ usage: "The keys that detach from the container, instead of ctrl-p,ctrl-q" }),
  pull: string({ usage: 'Pull the image first ("always", "missing", "never")', default: "missing" }),
};

export const run = command({
  usage: "run [OPTIONS] IMAGE [COMMAND] [ARG...]",
  aliasLine: "docker container run, docker run",
  short: "Make a container from an image and start it",
  commonRank: 1,
  flags: { ...runFlags, ...creationFlags, ...configurationFlags },
  interspersed: false,
  arguments: minimum(1),
  async run(cli, [image = "", ...words], flags, { changed }) {
    const request = await withHelp("run", () => {
      checkPull(flags.pull);
      return createRequest(cli, image, words, flags, changed);
    });
    return runContainer(cli, request, flags);
  },
});

type RunValues = ConfigurationValues &
  CreationValues & { detach: boolean; "sig-proxy": boolean; "detach-keys": string };

async function runContainer(cli: Cli, request: CreateRequest, flags: RunValues): Promise<number> {
  if (!flags.detach) checkTerminal(cli, request.AttachStdin, request.Tty);
  else {
    if (flags.attach.length > 0)
      throw new Error("conflicting options: cannot specify both --attach and --detach");
    Object.assign(request, {
      AttachStdin: false,
      AttachStdout: false,
      AttachStderr: false,
      StdinOnce: false,
    });
  }
  const id = await createContainer(cli, request, flags).catch((error: Error) => {
    throw runError(error);
  });
  const stopForwarding = flags["sig-proxy"] ? forwardSignals(cli, id) : () => {};
  try {
    return await startAndFollow(cli, id, request, flags);
  } finally {
    stopForwarding();
  }
}

/** From here on signals are the container's: nothing of it ends with this command's own cancellation. */
async function startAndFollow(
  cli: Cli,
  id: string,
  request: CreateRequest,
  flags: RunValues,
): Promise<number> {
  const lasting = new Cancellation();
  const client = await cli.client();
  const attached = request.AttachStdin || request.AttachStdout || request.AttachStderr;
  let leave = () => {};
  let streams: Promise<void> = Promise.resolve();
  if (attached) {
    const detachKeys = flags["detach-keys"] || cli.config.detachKeys || "";
    const wanted = {
      stdin: request.AttachStdin,
      stdout: request.AttachStdout,
      stderr: request.AttachStderr,
      detachKeys,
    };
    const connection = await attachContainer(cli, id, wanted, { cancellation: lasting });
    streams = carryStreams(cli, {
      connection,
      input: request.AttachStdin ? cli.console.stdin : undefined,
      output: request.AttachStdout ? cli.out : undefined,
      error: request.AttachStderr ? (request.Tty ? cli.out : cli.err) : undefined,
      tty: request.Tty,
      detachKeys,
      leave: new Promise((resolve) => (leave = resolve)),
    });
    streams.catch(() => {});
  } else void cli.out.line(id);
  const exit = await exitStatus(cli, id, flags.rm, lasting);
  try {
    await client.call("POST", `/containers/${id}/start`, { cancellation: lasting });
  } catch (error) {
    leave();
    await streams.catch(() => {});
    if (flags.rm) await exit();
    else lasting.cancel();
    throw runError(error as Error);
  }
  if (!attached) {
    lasting.cancel();
    return 0;
  }
  const stopResizing =
    request.Tty && cli.out.terminal ? await followTerminalSize(cli, `/containers/${id}`) : () => {};
  try {
    return await follow(streams, exit(), request, leave);
  } finally {
    stopResizing();
    lasting.cancel();
  }
}

/** Waits for the container's end: for its status, and for all of its output. */
async function follow(
  streams: Promise<void>,
  status: Promise<number>,
  request: CreateRequest,
  leave: () => void,
): Promise<number> {
  status.catch(() => {});
  let failure: Error | undefined;
  const streamed = streams.then(
    () => "streamed" as const,
    (error: Error) => ((failure = error), "streamed" as const),
  );
  const first = await Promise.race([streamed, status.then(() => "exited" as const)]);
  if (first === "streamed" && failure) {
    // The container goes on without us.
    if (failure instanceof Detached) return 0;
    throw outputError(failure);
  }
  // Where no output is attached, nothing else tells the streams that it is over.
  if (first === "exited" && !request.AttachStdout && !request.AttachStderr) leave();
  if (first === "exited") await streamed;
  return status;
}

/** Begins to wait for the container's end; what it returns resolves to the exit status. */
export async function exitStatus(
  cli: Cli,
  id: string,
  removed: boolean,
  cancellation: Cancellation,
): Promise<() => Promise<number>> {
  const client = await cli.client();
  try {
    const wait = await beginWait(client, id, removed ? "removed" : "next-exit", cancellation);
    return async () => {
      try {
        const answer = await wait();
        if (!answer.Error) return answer.StatusCode;
        await log(cli, "error", `Error waiting for container: ${answer.Error.Message}`);
      } catch (error) {
        if (!cancellation.cancelled)
          await log(cli, "error", `error waiting for container: ${(error as Error).message}`);
      }
      return 125;
    };
  } catch (error) {
    await log(cli, "error", `error waiting for container: ${(error as Error).message}`);
    return () => Promise.resolve(125);
  }
}

/** The shell's statuses: 127 for a command that is not there, 126 for one that cannot be run, else 125 for docker's own errors. */
function runError(error: Error): Error {
  const { message } = error;
  const missing = /executable file not found|no such file or directory|system cannot find the file specified/;
  const status = missing.test(message) ? 127 : /permission denied|is a directory/.test(message) ? 126 : 125;
  return helpError("run", error, status);
}
