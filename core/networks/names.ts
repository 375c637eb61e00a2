import type { ContainerRecord } from "../containers/record.ts";

/**
 * The names by which a container is found on a network of the user's: its own, its aliases there, its short identifier,
 * and its host name where that is another.
 */
export function dnsNames(record: ContainerRecord, networkName: string): string[] {
  const aliases = record.networks[networkName]?.request.Aliases ?? [];
  const short = record.id.slice(0, 12);
  return [...new Set([record.name, ...aliases, short, record.config.Hostname || short])];
}
