import type { Filters } from "../filters/filters.ts";
import type { EventMessage } from "./message.ts";

/** Whether docker events with these filters shows an event. Names match by their beginning, images exactly. */
export function eventMatches(event: EventMessage, filters: Filters): boolean {
  return (
    matchesAction(event, filters) &&
    filters.exact("type", event.type) &&
    filters.exact("scope", "local") &&
    ["container", "plugin", "volume", "network", "daemon", "node", "service", "secret", "config"].every(
      (noun) => matchesName(event, noun, filters),
    ) &&
    matchesImage(event, filters) &&
    filters.labels("label", event.attributes)
  );
}

/** These carry what they are about after a colon, and are found without it too. */
const openEnded = ["health_status", "exec_create", "exec_start"];

function matchesAction(event: EventMessage, filters: Filters): boolean {
  const fuzzy = filters.get("event").some((action) => openEnded.includes(action));
  return fuzzy ? filters.fuzzy("event", event.action) : filters.exact("event", event.action);
}

function matchesName(event: EventMessage, noun: string, filters: Filters): boolean {
  return filters.fuzzy(noun, event.actorId) || filters.fuzzy(noun, event.attributes.name ?? "");
}

function matchesImage(event: EventMessage, filters: Filters): boolean {
  const image = event.attributes[event.type === "image" ? "name" : "image"] ?? "";
  return [event.actorId, image, withoutTag(event.actorId), withoutTag(image)].some((name) =>
    filters.exact("image", name),
  );
}

function withoutTag(imageRef: string): string {
  return imageRef.replace(/:[^:/]*$/, "");
}
