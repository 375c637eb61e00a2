import { eventMatches } from "../../events/filter.ts";
import { eventJson, type EventMessage } from "../../events/message.ts";
import { invalidParameter } from "../../errors/errors.ts";
import type { Instant } from "../../platform/clock.ts";
import { Deadline } from "../../platform/deadline.ts";
import { parseTimestamp } from "../../platform/timestamp.ts";
import type { Engine, Operation } from "../engine.ts";
import type { Filters } from "../filters.ts";

/** Which events docker events shows. */
export interface EventsRequest {
  since?: Instant;
  until?: Instant;
  filters: Filters;
}

const accepted = [
  "container",
  "daemon",
  "event",
  "image",
  "label",
  "network",
  "plugin",
  "type",
  "volume",
  "scope",
  "node",
  "service",
  "secret",
  "config",
];

/** Reads since and until. Throws invalidParameter with Docker's texts. */
export function eventsRequest(engine: Engine, since: string, until: string, filters: Filters): EventsRequest {
  filters.validate(accepted);
  const request: EventsRequest = { filters };
  for (const [name, text] of [
    ["since", since],
    ["until", until],
  ] as const) {
    if (text === "") continue;
    const at = parseTimestamp(text, engine.clock.now());
    if (at === undefined)
      throw invalidParameter(`failed to parse value as time or duration: ${JSON.stringify(text)}`);
    request[name] = at;
  }
  if (request.since !== undefined && request.until !== undefined && request.since > request.until)
    throw invalidParameter(`\`since\` time (${since}) cannot be after \`until\` time (${until})`);
  return request;
}

/** Sends the events that are asked for: those kept, then, unless `until` has passed, those to come. */
export async function systemEvents(
  engine: Engine,
  operation: Operation,
  { since, until, filters }: EventsRequest,
  send: (event: unknown) => Promise<void>,
): Promise<void> {
  const waiting: EventMessage[] = [];
  let wake = () => {};
  const unlisten = engine.events.listen((event) => {
    waiting.push(event);
    wake();
  });
  let over = false;
  const end = () => {
    over = true;
    wake();
  };
  const deadline = new Deadline(engine.clock, until, end);
  const undo = operation.cancellation.onCancel(end);
  try {
    if (since !== undefined)
      for (const event of engine.events.between(since, until))
        if (eventMatches(event, filters)) await send(eventJson(event));
    if (until !== undefined && until <= engine.clock.now()) return;
    while (!over) {
      const event = waiting.shift();
      if (!event) await new Promise<void>((resolve) => (wake = resolve));
      else if (eventMatches(event, filters)) await send(eventJson(event));
    }
  } finally {
    unlisten();
    undo();
    deadline.cancel();
  }
}
