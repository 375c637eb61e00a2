import type { Cli } from "../cli.ts";
import { command, exact } from "../command.ts";
import { bool, string } from "../flags/basic.ts";
import { Cancellation, Cancelled } from "../../platform/cancellation.ts";
import { attachContainer, checkTerminal } from "./attach_container.ts";
import { containerPath } from "./container_path.ts";
import { forwardSignals } from "./forward_signals.ts";
import { carryStreams, outputError } from "./hijacked_streams.ts";
import { followTerminalSize, resizeTo } from "./resize.ts";
import { beginWait } from "./wait_exit.ts";

export const attach = command({
  usage: "attach [OPTIONS] CONTAINER",
  aliasLine: "docker container attach, docker attach",
  short: "Join the standard streams of a running container",
  flags: {
    "no-stdin": bool({ usage: "Leave standard input alone" }),
    "sig-proxy": bool({ usage: "Hand signals on to the process", default: true }),
    "detach-keys": string({ usage: "The keys that detach from the container, instead of ctrl-p,ctrl-q" }),
  },
  arguments: exact(1),
  async run(cli, [name = ""], flags) {
    const client = await cli.client();
    // Waiting begins first, so that an exit right after attaching is not missed.
    const wait = await beginWait(client, name, "", new Cancellation()).catch(
      (error: Error) => () => Promise.reject(error),
    );
    const { Config: config } = await runningContainer(cli, name);
    checkTerminal(cli, !flags["no-stdin"], config.Tty);
    const detachKeys = flags["detach-keys"] || cli.config.detachKeys || "";
    const stdin = !flags["no-stdin"] && config.OpenStdin;
    const stopForwarding = flags["sig-proxy"] && !config.Tty ? forwardSignals(cli, name) : () => {};
    let stopResizing = () => {};
    try {
      const connection = await attachContainer(cli, name, { stdin, stdout: true, stderr: true, detachKeys });
      await runningContainer(cli, name);
      if (config.Tty && cli.out.terminal) {
        // A size that is off by one first makes the program draw its screen anew.
        const { rows, columns } = cli.out.terminal.size();
        await resizeTo(cli, `/containers/${name}`, rows + 1, columns + 1);
        stopResizing = await followTerminalSize(cli, `/containers/${name}`);
      }
      await carryStreams(cli, {
        connection,
        input: stdin ? cli.console.stdin : undefined,
        output: cli.out,
        error: cli.err,
        tty: config.Tty,
        detachKeys,
        cancellation: cli.cancellation,
      }).catch((error: Error) => {
        // Ctrl-C is the container's; this command ends when the container does.
        if (!(error instanceof Cancelled)) throw outputError(error);
      });
    } finally {
      stopForwarding();
      stopResizing();
    }
    const answer = await wait();
    if (answer.Error) throw new Error(answer.Error.Message);
    return answer.StatusCode;
  },
});

interface Inspected {
  State: { Running: boolean; Paused: boolean; Restarting: boolean };
  Config: { Tty: boolean; OpenStdin: boolean };
}

async function runningContainer(cli: Cli, name: string): Promise<Inspected> {
  const container = await (await cli.client()).json<Inspected>("GET", `${containerPath(name)}/json`);
  const { State: state } = container;
  if (!state.Running) throw new Error("You cannot attach to a stopped container, start it first");
  if (state.Paused) throw new Error("You cannot attach to a paused container, unpause it first");
  if (state.Restarting)
    throw new Error("You cannot attach to a restarting container, wait until it is running");
  return container;
}
