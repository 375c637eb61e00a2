import { formatTime } from "../../platform/time.ts";
import { randomId } from "../../platform/random.ts";
import type { NetworkRecord } from "../../networks/record.ts";
import type { Engine, Operation } from "../engine.ts";

/** Makes the networks that every engine has, none, host and bridge; those that are there are made real again. */
export async function ensureDefaultNetworks(engine: Engine, operation: Operation): Promise<void> {
  for (const network of engine.networks.all())
    if (network.driver === "bridge" && !network.configOnly)
      await engine.networkDriver.createNetwork(engine.networks.spec(network), operation.trace);
  for (const [name, driver] of [
    ["none", "null"],
    ["host", "host"],
    ["bridge", "bridge"],
  ] as const) {
    if (engine.networks.byName(name)) continue;
    const network = predefined(engine, name, driver);
    engine.networks.add(network);
    if (driver === "bridge")
      await engine.networkDriver.createNetwork(engine.networks.spec(network), operation.trace);
  }
}

function predefined(engine: Engine, name: string, driver: string): NetworkRecord {
  const { bridge } = engine.settings;
  const config = driver === "bridge" ? [{ Subnet: bridge.subnet, Gateway: bridge.gateway }] : null;
  return {
    id: randomId(engine.random),
    name,
    created: formatTime(engine.clock.now()),
    scope: "local",
    driver,
    enableIPv4: true,
    enableIPv6: false,
    ipam: { driver: "default", options: null, config },
    subnets: config ?? [],
    internal: false,
    attachable: false,
    ingress: false,
    configOnly: false,
    configFrom: "",
    options:
      driver === "bridge"
        ? {
            "com.docker.network.bridge.default_bridge": "true",
            "com.docker.network.bridge.enable_icc": "true",
            "com.docker.network.bridge.enable_ip_masquerade": "true",
            "com.docker.network.bridge.host_binding_ipv4": "0.0.0.0",
            "com.docker.network.bridge.name": bridge.interfaceName,
            "com.docker.network.driver.mtu": "1500",
          }
        : {},
    labels: {},
  };
}
