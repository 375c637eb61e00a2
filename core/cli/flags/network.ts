import type { Flag, FlagOptions } from "../flags.ts";
import { readCsv } from "../go/csv.ts";
import { parseInteger } from "../go/strconv.ts";
import { gathered } from "./lists.ts";

/** One --network: which network a container is to be attached to, and how. */
export interface NetworkAttachment {
  target: string;
  aliases: string[];
  links: string[];
  driverOptions: Record<string, string>;
  ipv4: string;
  ipv6: string;
  linkLocal: string[];
  macAddress: string;
  gatewayPriority: number;
}

/** --network NAME or --network name=NAME,alias=…; may be given several times. */
export function network(options: FlagOptions): Flag<NetworkAttachment[]> {
  return { ...options, type: "network", start: () => gathered(parseNetwork) };
}

export function attachment(target: string): NetworkAttachment {
  return {
    target,
    aliases: [],
    links: [],
    driverOptions: {},
    ipv4: "",
    ipv6: "",
    linkLocal: [],
    macAddress: "",
    gatewayPriority: 0,
  };
}

function parseNetwork(text: string): NetworkAttachment {
  if (!/\w+=\w+(,\w+=\w+)*/.test(text)) return attachment(text);
  const made = attachment("");
  for (const field of readCsv(text)) {
    const [key, value] = pair(field.toLowerCase()) ?? fail(`invalid field ${field}`);
    takeField(made, key, value);
  }
  if (made.target === "") throw new Error("network name/id is not specified");
  return made;
}

function takeField(made: NetworkAttachment, key: string, value: string): void {
  switch (key) {
    case "name":
      made.target = value;
      break;
    case "alias":
      made.aliases.push(value);
      break;
    case "ip":
      made.ipv4 = value;
      break;
    case "ip6":
      made.ipv6 = value;
      break;
    case "mac-address":
      made.macAddress = value;
      break;
    case "link-local-ip":
      made.linkLocal.push(value);
      break;
    case "driver-opt": {
      const [name, setting] = pair(value) ?? fail("invalid key value pair format in driver options");
      made.driverOptions[name] = setting;
      break;
    }
    case "gw-priority":
      try {
        made.gatewayPriority = parseInteger(value, 64, 10);
      } catch (error) {
        throw new Error(`invalid gw-priority (${value}): ${(error as Error).message.replace(/^.*: /, "")}`);
      }
      break;
    default:
      throw new Error(`invalid field key ${key}`);
  }
}

function pair(text: string): [string, string] | undefined {
  const equals = text.indexOf("=");
  return equals < 1 ? undefined : [text.slice(0, equals).trim(), text.slice(equals + 1).trim()];
}

function fail(message: string): never {
  throw new Error(message);
}
