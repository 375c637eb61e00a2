import { atLeast } from "../version.ts";

type Json = Record<string, unknown>;

/** docker inspect of a container, as older versions of the API had it. */
export function gateInspect(inspected: Json, version: string): Json {
  if (atLeast(version, "1.48")) return inspected;
  const { NetworkSettings, ...rest } = inspected;
  const settings = NetworkSettings as Json;
  return {
    ...rest,
    NetworkSettings: { ...settings, Networks: gateNetworks(settings.Networks as Json, version) },
  };
}

/** docker ps, as older versions of the API had it. */
export function gateList(list: unknown[], version: string): unknown[] {
  if (atLeast(version, "1.48")) return list;
  return list.map((item) => {
    const summary = item as Json;
    const { Networks } = summary.NetworkSettings as Json;
    const { Annotations: _, ...hostConfig } = summary.HostConfig as Json;
    return {
      ...summary,
      HostConfig: atLeast(version, "1.46") ? summary.HostConfig : hostConfig,
      NetworkSettings: { Networks: gateNetworks(Networks as Json, version) },
    };
  });
}

/** GwPriority came with 1.48, DNSNames with 1.44. */
function gateNetworks(networks: Json, version: string): Json {
  return Object.fromEntries(
    Object.entries(networks).map(([name, endpoint]) => {
      const { GwPriority: _, DNSNames, ...rest } = endpoint as Json;
      return [name, atLeast(version, "1.44") ? { ...rest, DNSNames } : rest];
    }),
  );
}
