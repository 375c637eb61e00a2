/** What an event is about. */
export type EventType = "container" | "image" | "volume" | "network" | "daemon" | "builder";

/** One event, as docker events sends it. */
export interface EventMessage {
  type: EventType;
  /** "create", "health_status: healthy", "exec_create: sh -c true" … */
  action: string;
  actorId: string;
  attributes: Readonly<Record<string, string>>;
  /** Nanoseconds since the epoch. */
  at: bigint;
}

/** The event as the API writes it; containers and images also have the fields of the API before 1.22. */
export function eventJson(event: EventMessage): Record<string, unknown> {
  const old = event.type === "container" || event.type === "image";
  const image = event.type === "container" ? event.attributes.image : undefined;
  const attributes = Object.fromEntries(
    Object.entries(event.attributes).sort(([a], [b]) => (a < b ? -1 : 1)),
  );
  return {
    ...(old ? { status: event.action, id: event.actorId } : {}),
    ...(image ? { from: image } : {}),
    Type: event.type,
    Action: event.action,
    Actor: { ID: event.actorId, Attributes: attributes },
    scope: "local",
    time: Number(event.at / 1_000_000_000n),
    timeNano: Number(event.at),
  };
}
