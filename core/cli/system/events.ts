import { command, none } from "../command.ts";
import { StatusError } from "../exit.ts";
import { string } from "../flags/basic.ts";
import { encodeFilters, filter } from "../flags/lists.ts";
import { inspectFormat } from "../formatter/flag_texts.ts";
import { namingTemplateErrors, templateText } from "../formatter/format.ts";
import { eventMessage } from "../formatter/types/event.ts";
import { jsonTexts } from "../progress/json_stream.ts";
import { timestamp } from "../request_timestamp.ts";
import { TemplateError } from "../template/execute.ts";
import { pointer } from "../template/gotype.ts";
import { GoValue } from "../template/govalue.ts";
import { parseJson } from "../template/json.ts";
import { Template } from "../template/template.ts";
import { formatTimeNano, fromSeconds } from "../timestamps.ts";

interface EventMessage {
  Type: string;
  Action: string;
  Actor: { ID: string; Attributes?: Record<string, string> | null };
  time?: number;
  timeNano?: number | bigint;
}

/** docker events, docker system events. */
export const events = command({
  usage: "events [OPTIONS]",
  aliasLine: "docker system events, docker events",
  short: "Follow what happens in the engine",
  flags: {
    since: string({ usage: "Begin with what happened since then" }),
    until: string({ usage: "End at that time" }),
    filter: filter(),
    format: { ...inspectFormat, short: undefined },
  },
  arguments: none,
  async run(cli, _, { since, until, filter: filters, format }) {
    const template = templateOf(format);
    const now = cli.console.clock.now();
    const { body } = await (
      await cli.client()
    ).request("GET", "/events", {
      query: {
        since: since ? timestamp(since, now) : undefined,
        until: until ? timestamp(until, now) : undefined,
        filters: encodeFilters(filters),
      },
    });
    for await (const text of jsonTexts(body)) {
      const event = parseJson(text) as EventMessage;
      if (!template) {
        await cli.out.line(eventLine(event));
        continue;
      }
      try {
        await cli.out.line(template.execute(new GoValue(eventMessage, event)));
      } catch (error) {
        if (error instanceof TemplateError) await cli.out.line(error.output);
        throw error;
      }
    }
  },
});

/** The template, tried on an empty event before the engine is asked for any. */
function templateOf(format: string): Template | undefined {
  if (format === "") return undefined;
  try {
    return namingTemplateErrors(() => {
      const template = new Template(format === "json" ? templateText(format) : format);
      template.execute(new GoValue(pointer(eventMessage), {}));
      return template;
    }, "Error parsing format");
  } catch (error) {
    throw new StatusError(64, (error as Error).message);
  }
}

function eventLine({ Type, Action, Actor, time, timeNano }: EventMessage): string {
  const when = timeNano ? formatTimeNano(BigInt(timeNano)) : time ? formatTimeNano(fromSeconds(time)) : "";
  const attributes = Object.entries(Actor.Attributes ?? {})
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([key, value]) => `${key}=${value}`);
  return `${when && `${when} `}${Type} ${Action} ${Actor.ID}${attributes.length ? ` (${attributes.join(", ")})` : ""}`;
}
