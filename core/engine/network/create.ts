import { conflict, forbidden, invalidParameter, notFound, systemError } from "../../errors/errors.ts";
import type { IpamConfig } from "../../networks/ipam.ts";
import { parseCidr } from "../../networks/address.ts";
import { predefinedNetworks, type NetworkRecord } from "../../networks/record.ts";
import { validateIpam } from "../../networks/validate.ts";
import { randomId } from "../../platform/random.ts";
import { formatTime } from "../../platform/time.ts";
import type { Engine, Operation } from "../engine.ts";

/** What docker network create asks for: the API's CreateRequest. */
export interface NetworkRequest {
  Name?: string;
  Driver?: string;
  Scope?: string;
  EnableIPv4?: boolean;
  EnableIPv6?: boolean;
  IPAM?: { Driver?: string; Options?: Record<string, string> | null; Config?: IpamConfig[] | null };
  Internal?: boolean;
  Attachable?: boolean;
  Ingress?: boolean;
  ConfigOnly?: boolean;
  ConfigFrom?: { Network?: string };
  Options?: Record<string, string> | null;
  Labels?: Record<string, string> | null;
}

/** Makes a network. Throws conflict for its name, forbidden for its addresses, invalidParameter for the rest. */
export async function networkCreate(
  engine: Engine,
  operation: Operation,
  request: NetworkRequest,
): Promise<string> {
  const name = request.Name ?? "";
  const driver = request.Driver || "bridge";
  if (name.trim() === "") throw invalidParameter("invalid name: name is empty");
  if (predefinedNetworks.includes(name) || name === "default")
    throw forbidden(`operation is not permitted on predefined ${name} network `);
  const configs = (request.IPAM?.Config ?? []).filter((config) => Object.keys(config).length > 0);
  validateIpam(configs);
  return engine.networks.lock.run(async () => {
    if (engine.networks.byName(name))
      throw conflict(`network with name ${name} already exists`, { network: name });
    checkDriver(driver, request);
    checkOptions(request.Options ?? {});
    if (request.ConfigFrom?.Network && !engine.networks.byName(request.ConfigFrom.Network))
      throw notFound(`configuration network ${JSON.stringify(request.ConfigFrom.Network)} does not exist`);
    const id = randomId(engine.random);
    const drawn = !configs.some(({ Subnet }) => parseCidr(Subnet ?? "")?.family === 4);
    const network: NetworkRecord = {
      id,
      name,
      created: formatTime(engine.clock.now()),
      scope: request.Scope || "local",
      driver,
      enableIPv4: request.EnableIPv4 ?? true,
      enableIPv6: request.EnableIPv6 ?? false,
      ipam: {
        driver: request.IPAM?.Driver || "default",
        options: request.IPAM?.Options ?? null,
        config: null,
      },
      subnets: [],
      internal: request.Internal ?? false,
      attachable: request.Attachable ?? false,
      ingress: request.Ingress ?? false,
      configOnly: request.ConfigOnly ?? false,
      configFrom: request.ConfigFrom?.Network ?? "",
      options: request.Options ?? {},
      labels: request.Labels ?? {},
      ...(drawn ? { drawn } : {}),
    };
    if (!network.configOnly) network.subnets = subnetsOf(engine, network, configs);
    network.ipam.config = network.configOnly ? configs : network.subnets;
    await make(engine, operation, network);
    return id;
  });
}

/** Adds a network to the store and makes it real; forgets it again when that fails. */
export async function make(engine: Engine, operation: Operation, network: NetworkRecord): Promise<void> {
  await operation.trace.step(
    "engine",
    "network create",
    { network: network.id, name: network.name },
    async (trace) => {
      engine.networks.add(network);
      try {
        if (network.driver === "bridge" && !network.configOnly)
          await engine.networkDriver.createNetwork(engine.networks.spec(network), trace);
      } catch (error) {
        engine.networks.delete(network);
        throw error;
      }
      engine.events.publish("network", "create", network.id, { name: network.name, type: network.driver });
    },
  );
}

function subnetsOf(engine: Engine, network: NetworkRecord, configs: readonly IpamConfig[]): IpamConfig[] {
  const subnets = configs.map((config) => ({ ...config }));
  if (network.drawn && network.enableIPv4) subnets.unshift(engine.networks.ipam.drawSubnet());
  if (network.enableIPv6 && !subnets.some(({ Subnet }) => parseCidr(Subnet!)?.family === 6))
    subnets.push(uniqueLocalSubnet(network.id));
  return subnets;
}

/** An IPv6 subnet of this network's own: fd00::/8 and forty bits of its identifier. */
function uniqueLocalSubnet(id: string): IpamConfig {
  const base = `fd${id.slice(0, 2)}:${id.slice(2, 6)}:${id.slice(6, 10)}`.replace(/:0+(?=[0-9a-f])/g, ":");
  return { Subnet: `${base}::/64`, Gateway: `${base}::1` };
}

function checkDriver(driver: string, request: NetworkRequest): void {
  if (driver === "bridge") {
    const ipam = request.IPAM?.Driver ?? "";
    if (ipam !== "" && ipam !== "default" && ipam !== "null")
      throw notFound(`error looking up IPAM plugin ${ipam}: plugin ${JSON.stringify(ipam)} not found`);
    return;
  }
  if (driver === "host" || driver === "null")
    throw forbidden(`only one instance of ${JSON.stringify(driver)} network is allowed`);
  if (driver === "overlay")
    throw forbidden(
      'This node is not a swarm manager. Use "docker swarm init" or "docker swarm join" to connect this node to swarm and try again.',
    );
  if (driver === "macvlan" || driver === "ipvlan") throw systemError("operation not supported");
  throw notFound(`plugin ${JSON.stringify(driver)} not found`);
}

const flags = ["enable_icc", "enable_ip_masquerade", "inhibit_ipv4", "gateway_mode_flag"];

function checkOptions(options: Record<string, string>): void {
  for (const [option, value] of Object.entries(options)) {
    const flag = flags.find((name) => option === `com.docker.network.bridge.${name}`);
    if (flag && !/^(1|t|T|TRUE|true|True|0|f|F|FALSE|false|False)$/.test(value))
      throw invalidParameter(
        `failed to parse ${option} value: ${value} (strconv.ParseBool: parsing ${JSON.stringify(value)}: invalid syntax)`,
      );
    if (option === "com.docker.network.driver.mtu" && !/^[+-]?\d+$/.test(value))
      throw invalidParameter(
        `failed to parse ${option} value: ${value} (strconv.Atoi: parsing ${JSON.stringify(value)}: invalid syntax)`,
      );
  }
}
