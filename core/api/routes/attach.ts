import { attachable, containerAttach } from "../../engine/container/attach.ts";
import { parseDetachKeys } from "../../engine/container/detach-keys.ts";
import type { Framing } from "../../engine/container/stream-client.ts";
import { DockerError } from "../../errors/errors.ts";
import { hijacked, plain } from "../responses.ts";
import { httpStatus } from "../status.ts";
import type { Route } from "../router.ts";
import { encodeFrame } from "../stdcopy.ts";
import { atLeast } from "../version.ts";

/** How output reaches a client: as it is from a terminal, else each piece with its stream's name before it. */
export function framing(tty: boolean): Framing {
  return tty ? (_stream, bytes) => bytes : encodeFrame;
}

export const attachRoutes: readonly Route[] = [
  {
    method: "POST",
    path: "/containers/{name:.*}/attach",
    handler(call) {
      const { query, engine, operation, request } = call;
      let container, detachKeys;
      try {
        detachKeys = parseDetachKeys(query.get("detachKeys"));
        container = attachable(engine, call.params.name!);
      } catch (error) {
        // Docker has taken the connection over by now and says it there, in words.
        if (!(error instanceof DockerError) || error.kind === "notFound") throw error;
        return plain(`${error.message}\r\n`, httpStatus(error.kind), {
          "content-type": "application/vnd.docker.raw-stream",
        });
      }
      const tty = container.record.config.Tty ?? false;
      const attach = {
        stdin: query.bool("stdin"),
        stdout: query.bool("stdout"),
        stderr: query.bool("stderr"),
        stream: query.bool("stream"),
        logs: query.bool("logs"),
        detachKeys,
      };
      const kind = !tty && atLeast(call.version, "1.42") ? "multiplexed" : "raw";
      return hijacked(request, kind, (connection) =>
        containerAttach(engine, operation, container, attach, connection, framing(tty)),
      );
    },
  },
];
