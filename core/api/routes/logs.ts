import { containerLogs } from "../../engine/container/logs.ts";
import { invalidParameter } from "../../errors/errors.ts";
import type { Instant } from "../../platform/clock.ts";
import { unixTime } from "../../engine/system/events.ts";
import type { ApiCall } from "../call.ts";
import { streamed } from "../responses.ts";
import type { Route } from "../router.ts";
import { encodeFrame } from "../stdcopy.ts";
import { atLeast } from "../version.ts";

export const logsRoutes: readonly Route[] = [
  {
    method: "GET",
    path: "/containers/{name:.*}/logs",
    handler(call) {
      const { query, engine, operation, version } = call;
      const stdout = query.bool("stdout");
      const stderr = query.bool("stderr");
      if (!stdout && !stderr) throw invalidParameter("Bad parameters: you must choose at least one stream");
      const { tty, lines } = containerLogs(engine, operation, call.params.name!, {
        stdout,
        stderr,
        since: moment(call, "since"),
        until: moment(call, "until"),
        tail: tailOf(query.get("tail")),
        follow: query.bool("follow"),
        timestamps: query.bool("timestamps"),
        details: query.bool("details"),
      });
      const multiplexed = !tty && atLeast(version, "1.42");
      const headers = {
        "content-type": `application/vnd.docker.${multiplexed ? "multiplexed" : "raw"}-stream`,
      };
      return streamed(
        operation.cancellation,
        async (sink) => {
          for await (const { stream, line } of lines)
            await sink.write(tty ? line : encodeFrame(stream, line));
        },
        headers,
      );
    },
  },
];

/** All but a whole number means all, as Docker has it. */
function tailOf(tail: string): number | undefined {
  return /^\d{1,15}$/.test(tail) ? Number(tail) : undefined;
}

function moment({ query }: ApiCall, name: "since" | "until"): Instant | undefined {
  const value = query.get(name);
  return value === "" || value === "0" ? undefined : unixTime(value);
}
