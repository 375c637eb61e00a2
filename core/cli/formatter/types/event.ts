import { int64, map, named, omitempty, string, struct } from "../../template/gotype.ts";

const actor = struct("events.Actor", { ID: string, Attributes: map(string, string) });

/** events.Message of the API. */
export const eventMessage = struct("events.Message", {
  Status: omitempty(string, "status"),
  ID: omitempty(string, "id"),
  From: omitempty(string, "from"),
  Type: named("events.Type", string),
  Action: named("events.Action", string),
  Actor: actor,
  Scope: omitempty(string, "scope"),
  Time: omitempty(int64, "time"),
  TimeNano: omitempty(int64, "timeNano"),
});
