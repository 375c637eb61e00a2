import type { LogEntry, SessionLog } from "./log.ts";

/**
 * The log of the same session up to the moment before the last line was begun to be typed; undefined when nothing was typed
 * since the last boot. Replaying it is undo.
 */
export function withoutLastLine(log: SessionLog): SessionLog | undefined {
  const boot = log.entries.findLastIndex(({ input }) => input.kind === "power cut") + 1;
  const last = log.entries.findLastIndex(entersLine);
  if (last < boot) return undefined;
  const before = log.entries.findLastIndex((entry, at) => at < last && entersLine(entry));
  const from = Math.max(boot, before + 1);
  const cut = log.entries.findIndex(({ input }, at) => at >= from && input.kind === "keys");
  const { turn, at } = log.entries[cut]!;
  return { ...log, entries: [...log.entries.slice(0, cut), { turn, at, input: { kind: "close" } }] };
}

/** Somebody pressed Enter. */
function entersLine({ input }: LogEntry): boolean {
  return input.kind === "keys" && (input.bytes.includes(13) || input.bytes.includes(10));
}
