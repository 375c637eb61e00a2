import { decodeFrames } from "../../api/stdcopy.ts";
import { command, exact } from "../command.ts";
import { bool, string } from "../flags/basic.ts";
import { requestTimestamp } from "../request_timestamp.ts";
import { containerPath } from "./container_path.ts";

export const logs = command({
  usage: "logs [OPTIONS] CONTAINER",
  aliasLine: "docker container logs, docker logs",
  short: "Show what a container printed",
  flags: {
    follow: bool({ short: "f", usage: "Go on with what it prints from now on" }),
    since: string({
      usage: 'From this time on (such as "2013-01-02T13:23:37Z", or "42m" for 42 minutes ago)',
    }),
    until: string({
      usage: 'Up to this time (such as "2013-01-02T13:23:37Z", or "42m" for 42 minutes ago)',
      version: "1.35",
    }),
    timestamps: bool({ short: "t", usage: "Show the time of each line" }),
    details: bool({ usage: "Show what the logging driver was told to add" }),
    tail: string({ short: "n", usage: "How many lines to show, from the end", default: "all" }),
  },
  arguments: exact(1),
  async run(cli, [name = ""], flags) {
    const client = await cli.client();
    const container = await client.json<{ Id: string; Config: { Tty: boolean } }>(
      "GET",
      `${containerPath(name)}/json`,
    );
    const now = cli.console.clock.now();
    const one = (wanted: boolean) => (wanted ? "1" : undefined);
    const { body } = await client.request("GET", `/containers/${container.Id}/logs`, {
      query: {
        stdout: "1",
        stderr: "1",
        since: requestTimestamp("since", flags.since, now),
        until: requestTimestamp("until", flags.until, now),
        timestamps: one(flags.timestamps),
        details: one(flags.details),
        follow: one(flags.follow),
        tail: flags.tail,
      },
    });
    if (!container.Config.Tty) return decodeFrames(body, { stdout: cli.out, stderr: cli.err });
    for (let chunk = await body.read(); chunk; chunk = await body.read()) await cli.out.write(chunk);
  },
});
