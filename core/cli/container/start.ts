import { Cancellation, Cancelled } from "../../platform/cancellation.ts";
import type { Cli } from "../cli.ts";
import { command, minimum } from "../command.ts";
import { bool, string } from "../flags/basic.ts";
import { attachContainer } from "./attach_container.ts";
import { containerPath } from "./container_path.ts";
import { Detached } from "./detach_keys.ts";
import { forwardSignals } from "./forward_signals.ts";
import { carryStreams, outputError } from "./hijacked_streams.ts";
import { followTerminalSize } from "./resize.ts";
import { exitStatus } from "./run.ts";

const flags = {
  attach: bool({ short: "a", usage: "Show STDOUT and STDERR, and hand signals on" }),
  interactive: bool({ short: "i", usage: "Join the container's STDIN" }),
  "detach-keys": string({ usage: "The keys that detach from the container, instead of ctrl-p,ctrl-q" }),
  checkpoint: string({ usage: "Go on from this checkpoint", experimental: true, osType: "linux" }),
  "checkpoint-dir": string({ usage: "Where the checkpoints lie", experimental: true, osType: "linux" }),
};

export const start = command({
  usage: "start [OPTIONS] CONTAINER [CONTAINER...]",
  aliasLine: "docker container start, docker start",
  short: "Start containers that are stopped",
  flags,
  arguments: minimum(1),
  async run(cli, names, values) {
    const query = {
      checkpoint: values.checkpoint || undefined,
      "checkpoint-dir": values["checkpoint-dir"] || undefined,
    };
    if (values.attach || values.interactive) {
      if (names.length > 1) throw new Error("you cannot start and attach multiple containers at once");
      const detachKeys = values["detach-keys"] || cli.config.detachKeys || "";
      return startAttached(cli, names[0]!, values.interactive, detachKeys, query);
    }
    if (values.checkpoint) {
      if (names.length > 1) throw new Error("you cannot restore multiple containers at once");
      return startOne(cli, names[0]!, query);
    }
    const failed: string[] = [];
    for (const name of names) {
      try {
        await startOne(cli, name, {});
        await cli.out.line(name);
      } catch (error) {
        await cli.err.line((error as Error).message);
        failed.push(name);
      }
    }
    if (failed.length > 0) throw new Error(`Error: failed to start containers: ${failed.join(", ")}`);
  },
});

type StartQuery = Record<string, string | undefined>;

async function startOne(cli: Cli, name: string, query: StartQuery): Promise<void> {
  await (await cli.client()).call("POST", `${containerPath(name)}/start`, { query });
}

interface Inspected {
  Id: string;
  Config: { Tty: boolean; OpenStdin: boolean };
  HostConfig: { AutoRemove: boolean };
}

async function startAttached(
  cli: Cli,
  name: string,
  openStdin: boolean,
  detachKeys: string,
  query: StartQuery,
): Promise<number> {
  const container = await (await cli.client()).json<Inspected>("GET", `${containerPath(name)}/json`);
  const { Id: id, Config: config, HostConfig: host } = container;
  const stopForwarding = config.Tty ? () => {} : forwardSignals(cli, id);
  const waiting = new Cancellation();
  let stopResizing = () => {};
  let leave = () => {};
  try {
    const stdin = openStdin && config.OpenStdin;
    const connection = await attachContainer(cli, id, { stdin, stdout: true, stderr: true, detachKeys });
    const streams = carryStreams(cli, {
      connection,
      input: stdin ? cli.console.stdin : undefined,
      output: cli.out,
      error: cli.err,
      tty: config.Tty,
      detachKeys,
      cancellation: cli.cancellation,
      leave: new Promise((resolve) => (leave = resolve)),
    });
    streams.catch(() => {});
    const exit = await exitStatus(cli, id, host.AutoRemove, waiting);
    try {
      await startOne(cli, id, query);
    } catch (error) {
      leave();
      await streams.catch(() => {});
      if (host.AutoRemove) await exit();
      throw error;
    }
    if (config.Tty && cli.out.terminal) stopResizing = await followTerminalSize(cli, `/containers/${id}`);
    await streams;
    return await exit();
  } catch (error) {
    if (error instanceof Detached || error instanceof Cancelled) return 0;
    throw outputError(error as Error);
  } finally {
    stopForwarding();
    stopResizing();
    waiting.cancel();
  }
}
