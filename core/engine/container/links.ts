import type { ContainerRecord } from "../../containers/record.ts";
import { DockerError, invalidParameter, systemError } from "../../errors/errors.ts";
import type { Engine } from "../engine.ts";
import { networkOfMode } from "./networking.ts";

/** A --link as its two names: "db:database" and "db". */
export function parseLink(link: string): { name: string; alias: string } {
  const parts = link.split(":");
  if (link === "") throw systemError("empty string specified for links");
  if (parts.length > 2) throw systemError(`bad format for links: ${link}`);
  const [name = "", alias = name] = parts;
  // What inspect of a container shows: "/db:/web/database".
  return { name, alias: alias.startsWith("/") ? alias.split("/").at(-1)! : alias };
}

/** The links of a container on the default bridge: identifiers by alias. On other networks links are names in their DNS. */
export function containerLinks(engine: Engine, record: ContainerRecord): Record<string, string> {
  const links: Record<string, string> = {};
  if (networkOfMode(record.hostConfig.NetworkMode) !== "bridge") return links;
  for (const link of record.hostConfig.Links ?? []) {
    const { name, alias } = parseLink(link);
    let child;
    try {
      child = engine.containers.resolve(name);
    } catch (error) {
      if (!(error instanceof DockerError)) throw error;
      throw invalidParameter(`could not get container for ${name}: ${error.message}`, { container: name });
    }
    if (child.record.hostConfig.NetworkMode === "host")
      throw invalidParameter(
        "conflicting options: host type networking can't be used with links. This would result in undefined behavior",
      );
    links[alias] = child.id;
  }
  return links;
}
