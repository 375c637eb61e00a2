import { isNotFound } from "../../client/errors.ts";
import { readAll, text } from "../../platform/bytes.ts";
import type { Cli } from "../cli.ts";
import { command, minimum } from "../command.ts";
import { inspectContainer } from "../container/inspect.ts";
import { bool, string } from "../flags/basic.ts";
import { inspectFormat } from "../formatter/flag_texts.ts";
import { inspect } from "../formatter/inspector.ts";
import type { InspectedObject } from "../formatter/inspector.ts";
import { quote } from "../go/strconv.ts";
import { inspectImage } from "../image/inspect.ts";
import { inspectNetwork } from "../network/inspect.ts";
import { any } from "../template/gotype.ts";
import { inspectVolume } from "../volume/inspect.ts";

/** The kinds of objects, in the order in which a name is looked for among them. */
const kinds = [
  "container",
  "image",
  "network",
  "volume",
  "service",
  "task",
  "node",
  "plugin",
  "secret",
  "config",
] as const;
type Kind = (typeof kinds)[number];

const kindNames = [...kinds].sort().join('", "');

/** Kinds that only a manager of a swarm has. */
const ofSwarm: readonly Kind[] = ["service", "task", "node", "secret", "config"];

export const inspectAny = command({
  usage: "inspect [OPTIONS] NAME|ID [NAME|ID...]",
  short: "Show all that is known of an object, of whatever kind",
  flags: {
    format: inspectFormat,
    size: bool({ short: "s", usage: "Show how large the files of containers are" }),
    type: string({ usage: "Look for objects of this kind alone" }),
  },
  arguments: minimum(1),
  async run(cli, names, { format, size, type }, { changed }) {
    if (changed.has("type") && type === "") throw new Error(`type is empty: must be one of "${kindNames}"`);
    if (type !== "" && !(kinds as readonly string[]).includes(type))
      throw new Error(`unknown type: ${quote(type)}: must be one of "${kindNames}"`);
    await inspect(cli, names, format, (name) =>
      type ? inspectKind(cli, type as Kind, name, size) : inspectFirst(cli, name, size),
    );
  },
});

/** The first object that is called so. */
async function inspectFirst(cli: Cli, name: string, size: boolean): Promise<InspectedObject> {
  let isManager: boolean | undefined;
  for (const kind of kinds) {
    if (ofSwarm.includes(kind) && !(isManager ??= await managesSwarm(cli))) continue;
    try {
      return await inspectKind(cli, kind, name, size);
    } catch (error) {
      const { message } = error as Error;
      const skipped =
        isNotFound(error) || /not supported|invalid reference format|^Error: No such/.test(message);
      if (!skipped) throw error;
    }
  }
  throw new Error(`Error: No such object: ${name}`);
}

async function inspectKind(cli: Cli, kind: Kind, name: string, size: boolean): Promise<InspectedObject> {
  const found = await request(cli, kind, name, size);
  if (size && kind !== "container") await cli.err.line(`WARNING: --size ignored for ${kind}`);
  return found;
}

function request(cli: Cli, kind: Kind, name: string, size: boolean): Promise<InspectedObject> {
  switch (kind) {
    case "container":
      return inspectContainer(cli, name, size);
    case "image":
      return inspectImage(cli, name);
    case "network":
      return inspectNetwork(cli, name);
    case "volume":
      return inspectVolume(cli, name);
    case "plugin":
      return inspectOther(cli, kind, `/plugins/${name}/json`, name);
    case "service":
      return inspectOther(cli, kind, `/services/${name}`, name, { insertDefaults: "true" });
    default:
      return inspectOther(cli, kind, `/${kind}s/${name}`, name);
  }
}

/** Kinds that this command line has no commands for. */
async function inspectOther(
  cli: Cli,
  kind: Kind,
  path: string,
  name: string,
  query: Record<string, string> = {},
): Promise<InspectedObject> {
  if (name.trim() === "") throw new Error(`invalid ${kind} name or ID: value is empty`);
  const response = await (await cli.client()).request("GET", path, { query });
  return { raw: text(await readAll(response.body)), type: any };
}

async function managesSwarm(cli: Cli): Promise<boolean> {
  try {
    const info = await (await cli.client()).json<{ Swarm?: { ControlAvailable?: boolean } }>("GET", "/info");
    return info.Swarm?.ControlAvailable === true;
  } catch (error) {
    await cli.err.line((error as Error).message);
    return false;
  }
}
