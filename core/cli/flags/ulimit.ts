import type { Flag, FlagOptions } from "../flags.ts";
import { parseInteger } from "../go/strconv.ts";

export interface Ulimit {
  Name: string;
  Hard: number;
  Soft: number;
}

const names =
  "core cpu data fsize locks memlock msgqueue nice nofile nproc rss rtprio rttime sigpending stack".split(
    " ",
  );

/** --ulimit nofile=1024:2048; the last of each name counts. */
export function ulimit(options: FlagOptions): Flag<Ulimit[]> {
  return {
    ...options,
    type: "ulimit",
    shownDefault: "[]",
    start: () => {
      const limits = new Map<string, Ulimit>();
      return {
        set: (text) => {
          const limit = parseUlimit(text);
          limits.set(limit.Name, limit);
        },
        get: () => [...limits.values()].sort((a, b) => (a.Name < b.Name ? -1 : 1)),
      };
    },
  };
}

function parseUlimit(text: string): Ulimit {
  const equals = text.indexOf("=");
  if (equals < 0) throw new Error(`invalid ulimit argument: ${text}`);
  const [name, limits] = [text.slice(0, equals), text.slice(equals + 1)];
  if (!names.includes(name)) throw new Error(`invalid ulimit type: ${name}`);
  const parts = limits.split(":");
  if (parts.length > 2)
    throw new Error(`too many limit value arguments - ${limits}, can only have up to two, \`soft[:hard]\``);
  const given = parts[1] === undefined ? undefined : parseInteger(parts[1], 64, 10);
  const soft = parseInteger(parts[0]!, 64, 10);
  const hard = given ?? soft;
  const wrong = "ulimit soft limit must be less than or equal to hard limit";
  if (hard !== -1 && soft === -1) throw new Error(`${wrong}: soft: -1 (unlimited), hard: ${hard}`);
  if (hard !== -1 && soft > hard) throw new Error(`${wrong}: ${soft} > ${hard}`);
  return { Name: name, Hard: hard, Soft: soft };
}
