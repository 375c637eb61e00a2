import type { FlagValues } from "../flags.ts";
import { int, string } from "../flags/basic.ts";

/** Flags of `stop` and `restart`. */
export const stopFlags = {
  signal: string({ short: "s", usage: "The signal to send" }),
  timeout: int({ short: "t", usage: "Seconds to wait before the container is killed" }),
  time: { ...int({ usage: "Seconds to wait", deprecated: "use --timeout instead" }), sharedWith: "timeout" },
};

/** What they say to the engine, which has a timeout of its own where none is given. */
export function stopQuery(flags: FlagValues<typeof stopFlags>, changed: ReadonlySet<string>) {
  if (changed.has("time") && changed.has("timeout"))
    throw new Error("conflicting options: cannot specify both --timeout and --time");
  const given = changed.has("time") || changed.has("timeout");
  return { signal: flags.signal || undefined, t: given ? flags.timeout : undefined };
}
