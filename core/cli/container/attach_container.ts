import type { ByteDuplex } from "../../platform/bytes.ts";
import type { Cli } from "../cli.ts";

/** Opens a connection to a container's streams. */
export async function attachContainer(
  cli: Cli,
  id: string,
  choices: { stdin: boolean; stdout: boolean; stderr: boolean; detachKeys: string },
  options: { cancellation?: import("../../platform/cancellation.ts").Cancellation } = {},
): Promise<ByteDuplex> {
  const one = (wanted: boolean) => (wanted ? "1" : undefined);
  const { connection } = await (
    await cli.client()
  ).hijack(`/containers/${id}/attach`, {
    query: {
      stream: "1",
      stdin: one(choices.stdin),
      stdout: one(choices.stdout),
      stderr: one(choices.stderr),
      detachKeys: choices.detachKeys || undefined,
    },
    headers: { "content-type": "text/plain", "content-length": "0" },
    ...options,
  });
  return connection;
}

/** Throws when a container's terminal is to be fed from what is no terminal. */
export function checkTerminal(cli: Cli, attachStdin: boolean, tty: boolean): void {
  if (!tty || !attachStdin || cli.console.terminals.stdin) return;
  const hint =
    cli.console.platform.os === "windows"
      ? ".  If you are using mintty, try prefixing the command with 'winpty'"
      : "";
  throw new Error(`the input device is not a TTY${hint}`);
}
