import { ConnectionFailed } from "../../client/errors.ts";
import { Cancelled } from "../../platform/cancellation.ts";
import type { Cli } from "../cli.ts";
import { command, minimum } from "../command.ts";
import { bool, string } from "../flags/basic.ts";
import { list } from "../flags/lists.ts";
import { validEnvironment } from "../flags/validation.ts";
import { readKeyValueFile } from "../key_value_file.ts";
import { checkTerminal } from "./attach_container.ts";
import { containerPath } from "./container_path.ts";
import { carryStreams } from "./hijacked_streams.ts";
import { followTerminalSize } from "./resize.ts";

export const exec = command({
  usage: "exec [OPTIONS] CONTAINER COMMAND [ARG...]",
  aliasLine: "docker container exec, docker exec",
  short: "Run a command in a container that runs",
  commonRank: 2,
  flags: {
    "detach-keys": string({ usage: "The keys that detach from the command, instead of ctrl-p,ctrl-q" }),
    interactive: bool({ short: "i", usage: "Keep STDIN open, attached or not" }),
    tty: bool({ short: "t", usage: "Give it a pseudo-terminal" }),
    detach: bool({ short: "d", usage: "Leave the command in the background" }),
    user: string({ short: "u", usage: 'User name or UID (as "<name|uid>[:<group|gid>]")' }),
    privileged: bool({ usage: "Give the command all privileges" }),
    env: list({
      short: "e",
      usage: "Set environment variables",
      validate: validEnvironment,
      version: "1.25",
    }),
    "env-file": list({ usage: "Read environment variables from a file", version: "1.25" }),
    workdir: string({ short: "w", usage: "The working directory in the container", version: "1.35" }),
  },
  interspersed: false,
  arguments: minimum(2),
  async run(cli, [container = "", ...words], flags) {
    const environment = await environmentOf(cli, flags["env-file"], flags.env);
    const client = await cli.client();
    // The engine's answer for a container that is not there is clearer here than from the exec.
    const path = containerPath(container);
    await client.json("GET", `${path}/json`);
    const attachStdin = !flags.detach && flags.interactive;
    if (!flags.detach) checkTerminal(cli, attachStdin, flags.tty);
    const size = consoleSize(cli, flags.tty);
    const detachKeys = flags["detach-keys"] || cli.config.detachKeys || "";
    await client.checkVersion();
    const { Id: id } = await client.json<{ Id: string }>("POST", `${path}/exec`, {
      body: {
        User: flags.user,
        Privileged: flags.privileged,
        Tty: flags.tty,
        ...size,
        AttachStdin: attachStdin,
        AttachStderr: !flags.detach,
        AttachStdout: !flags.detach,
        Detach: flags.detach,
        DetachKeys: detachKeys,
        Env: environment.length > 0 ? environment : null,
        WorkingDir: flags.workdir,
        Cmd: words,
      },
    });
    if (!id) throw new Error("exec ID empty");
    const start = { Detach: flags.detach, Tty: flags.tty, ...size };
    if (flags.detach) return client.call("POST", `/exec/${id}/start`, { body: start });
    return runExec(cli, id, start, { attachStdin, detachKeys });
  },
});

interface ExecStart {
  Detach: boolean;
  Tty: boolean;
}

async function runExec(
  cli: Cli,
  id: string,
  start: ExecStart,
  { attachStdin, detachKeys }: { attachStdin: boolean; detachKeys: string },
): Promise<number> {
  const client = await cli.client();
  const { connection } = await client.hijack(`/exec/${id}/start`, { body: start });
  const streams = carryStreams(cli, {
    connection,
    input: attachStdin ? cli.console.stdin : undefined,
    output: cli.out,
    error: start.Tty ? cli.out : cli.err,
    tty: start.Tty,
    detachKeys,
    cancellation: cli.cancellation,
  });
  streams.catch(() => {});
  const resizes = start.Tty && cli.console.terminals.stdin;
  const stopResizing = resizes ? await followTerminalSize(cli, `/exec/${id}`) : () => {};
  try {
    await streams;
  } catch (error) {
    // The command goes on in the container; docker says nothing of it.
    if (error instanceof Cancelled) return 0;
    throw error;
  } finally {
    stopResizing();
  }
  try {
    return (await client.json<{ ExitCode: number }>("GET", `/exec/${id}/json`)).ExitCode;
  } catch (error) {
    if (error instanceof ConnectionFailed) return 255;
    throw error;
  }
}

function consoleSize(cli: Cli, tty: boolean): { ConsoleSize?: [number, number] } {
  if (!tty) return {};
  const size = cli.out.terminal?.size();
  return { ConsoleSize: [size?.rows ?? 0, size?.columns ?? 0] };
}

async function environmentOf(
  cli: Cli,
  files: readonly string[],
  given: readonly string[],
): Promise<string[]> {
  const { env } = cli.console;
  const variables: string[] = [];
  for (const path of files)
    variables.push(...(await readKeyValueFile(cli.console, path, (name) => env[name])));
  for (const text of given)
    variables.push(text.includes("=") || env[text] === undefined ? text : `${text}=${env[text]}`);
  return variables;
}
