import { eventMatches } from "../../events/filter.ts";
import { eventJson, type EventMessage } from "../../events/message.ts";
import { invalidParameter, systemError } from "../../errors/errors.ts";
import type { Instant } from "../../platform/clock.ts";
import { Deadline } from "../../platform/deadline.ts";
import type { Engine, Operation } from "../engine.ts";
import type { Filters } from "../../filters/filters.ts";

/** Which events docker events shows. */
export interface EventsRequest {
  since?: Instant;
  until?: Instant;
  filters: Filters;
}

/** Reads since and until. Throws with Docker's texts. */
export function eventsRequest(since: string, until: string, filters: Filters): EventsRequest {
  const request: EventsRequest = { filters };
  if (since !== "") request.since = unixTime(since);
  if (until !== "") request.until = unixTime(until);
  if (request.since !== undefined && request.until !== undefined && request.since > request.until)
    throw invalidParameter(`\`since\` time (${since}) cannot be after \`until\` time (${until})`);
  return request;
}

/** "1136073845.000000001": the API takes no other form. Throws Go's text, which Docker answers with status 500. */
export function unixTime(text: string): Instant {
  const parts = /^(\d{1,12})(?:\.(\d{0,9}))?$/.exec(text);
  if (!parts) throw systemError(`strconv.ParseInt: parsing ${JSON.stringify(text)}: invalid syntax`);
  return BigInt(parts[1]!) * 1_000_000_000n + BigInt((parts[2] ?? "").padEnd(9, "0"));
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
