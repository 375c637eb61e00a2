import type { Transport } from "../../api/exchange.ts";
import type { Console } from "../../cli/console.ts";
import { ConnectionError } from "../../client/errors.ts";
import { Errno } from "../../files/filesystem.ts";
import type { Clock } from "../../platform/clock.ts";
import { strerror } from "../kernel/errno-text.ts";
import type { Program } from "../kernel/program.ts";
import { asyncProgram, type AsyncCalls } from "../kernel/syscalls.ts";
import { processConsole } from "./console.ts";

/** The daemon that the program speaks to. */
export interface DockerSurroundings {
  clock: Clock;
  /** dockerd's answer to a request that came over its socket. */
  api: () => Transport;
}

/** The socket on which dockerd listens; /var/run is a link to /run. */
const daemonSocket = /^unix:\/\/(?:\/var)?\/run\/docker\.sock$/;

/** The program /usr/bin/docker: the docker command line as a process of the simulated machine. */
export function dockerProgram(
  docker: (argv: readonly string[], console: Console) => Promise<number>,
  { clock, api }: DockerSurroundings,
): Program {
  return asyncProgram(async (calls) => {
    const connect = (from: AsyncCalls, host: string): Transport => {
      return async (request) => {
        await reach(from, host);
        return api()(request);
      };
    };
    return docker(calls.process.argv.slice(1), await processConsole(calls, { clock, connect }));
  });
}

/** Whether this process may speak to the daemon at `host`; the failure is that of Go's dialer. */
async function reach(calls: AsyncCalls, host: string): Promise<void> {
  const [protocol = "", address = ""] = host.split("://");
  const failed = (code: string, reason: string) =>
    new ConnectionError(code, `dial ${protocol} ${address}: connect: ${reason}`);
  if (protocol !== "unix") throw failed("ECONNREFUSED", "connection refused");
  try {
    await calls.access(address, "rw");
  } catch (error) {
    if (!(error instanceof Errno)) throw error;
    throw failed(error.code, strerror(error.code).toLowerCase());
  }
  if (!daemonSocket.test(host)) throw failed("ECONNREFUSED", "connection refused");
}
