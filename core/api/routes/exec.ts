import { parseDetachKeys } from "../../engine/container/detach-keys.ts";
import { execCreate } from "../../engine/exec/create.ts";
import { execInspect } from "../../engine/exec/inspect.ts";
import { execResize } from "../../engine/exec/resize.ts";
import { execRun } from "../../engine/exec/run.ts";
import { findExec, requireStartable, startProcess } from "../../engine/exec/start.ts";
import type { Exec, ExecRequest } from "../../containers/exec.ts";
import type { ByteDuplex } from "../../platform/bytes.ts";
import { BrokenPipe, utf8 } from "../../platform/bytes.ts";
import { invalidParameter, systemError } from "../../errors/errors.ts";
import { jsonBody, type ApiCall } from "../call.ts";
import { empty, hijacked, json } from "../responses.ts";
import type { Route } from "../router.ts";
import { execRequest, execStartRequest } from "../shapes/container.ts";
import { atLeast } from "../version.ts";
import { framing } from "./attach.ts";
import { terminalSize } from "./containers.ts";

interface StartBody {
  Detach?: boolean;
  Tty?: boolean;
  ConsoleSize?: number[];
}

export const execRoutes: readonly Route[] = [
  {
    method: "POST",
    path: "/containers/{name:.*}/exec",
    async handler(call) {
      const request = (await jsonBody<ExecRequest>(call, execRequest)) ?? {};
      if (!request.Cmd?.length) throw invalidParameter("No exec command specified");
      checkEscapeKeys(request.DetachKeys ?? "");
      return json({ Id: await execCreate(call.engine, call.params.name!, request) }, 201);
    },
  },
  {
    method: "POST",
    path: "/exec/{id}/start",
    async handler(call) {
      const { engine, operation, request } = call;
      const options = (await jsonBody<StartBody>(call, execStartRequest)) ?? {};
      const exec = findExec(engine, call.params.id!);
      const consoleSize = sizeOf(options.ConsoleSize);
      if (consoleSize && !options.Tty)
        throw invalidParameter("console size is only supported when TTY is allocated");
      if (options.Detach) {
        await startProcess(engine, operation, requireStartable(engine, exec.id), consoleSize);
        return empty(200);
      }
      const tty = exec.request.Tty ?? false;
      const kind = !tty && atLeast(call.version, "1.42") ? "multiplexed" : "raw";
      return hijacked(request, kind, (connection) => run(call, exec, connection, consoleSize));
    },
  },
  {
    method: "POST",
    path: "/exec/{id}/resize",
    async handler(call) {
      const { height, width } = terminalSize(call);
      await execResize(call.engine, call.params.id!, height, width);
      return empty(200);
    },
  },
  {
    method: "GET",
    path: "/exec/{id}/json",
    handler: (call) => json(execInspect(call.engine, call.params.id!)),
  },
];

/** The connection is the client's already when the exec starts: why it could not goes there as text. */
async function run(
  { engine, operation }: ApiCall,
  exec: Exec,
  connection: ByteDuplex,
  consoleSize: [number, number] | undefined,
): Promise<void> {
  const frame = framing(exec.request.Tty ?? false);
  try {
    requireStartable(engine, exec.id);
    const detachKeys = parseDetachKeys(exec.detachKeys);
    const { ended } = await execRun(engine, operation, exec, {
      connection,
      detachKeys,
      frame,
      ...(consoleSize ? { consoleSize } : {}),
    });
    await ended;
  } catch (error) {
    try {
      await connection.sink.write(frame("stdout", utf8(`${(error as Error).message}\r\n`)));
    } catch (broken) {
      if (!(broken instanceof BrokenPipe)) throw broken;
    }
  }
}

function checkEscapeKeys(keys: string): void {
  try {
    parseDetachKeys(keys);
  } catch {
    throw systemError(`Invalid escape keys (${keys}) provided`);
  }
}

function sizeOf(size: number[] | undefined): [number, number] | undefined {
  return size && size.length >= 2 && (size[0] || size[1]) ? [size[0]!, size[1]!] : undefined;
}
