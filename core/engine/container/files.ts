import type { ContainerRecord } from "../../containers/record.ts";
import { text, utf8 } from "../../platform/bytes.ts";
import type { Engine } from "../engine.ts";
import { sharesNetwork } from "./networking.ts";

/** Where the engine keeps what it writes for a container. */
export function containerDirectory(engine: Engine, id: string): string {
  return `${engine.settings.dataRoot}/containers/${id}`;
}

/** The three files that Docker writes for a container and mounts into it. */
export type EngineFile = "hostname" | "hosts" | "resolv.conf";

/** Whose files a container mounts: its own, or those of the one whose network it shares. */
export function filesOwner(engine: Engine, record: ContainerRecord): string {
  const mode = record.hostConfig.NetworkMode ?? "bridge";
  if (!sharesNetwork(mode)) return record.id;
  return engine.containers.resolve(mode.slice("container:".length)).id;
}

/** The paths of a container's files on the host; "" before it has been started. */
export function enginePath(engine: Engine, record: ContainerRecord, file: EngineFile): string {
  return `${containerDirectory(engine, filesOwner(engine, record))}/${file}`;
}

/** Writes hostname, hosts and resolv.conf. Again when addresses are known, and when a network comes or goes. */
export async function writeEngineFiles(engine: Engine, record: ContainerRecord): Promise<void> {
  if (sharesNetwork(record.hostConfig.NetworkMode ?? "bridge")) return;
  const directory = containerDirectory(engine, record.id);
  await engine.hostPaths.mkdir(directory);
  const { Hostname = "", Domainname = "" } = record.config;
  const fullName = Domainname ? `${Hostname}.${Domainname}` : Hostname;
  await engine.hostPaths.write(`${directory}/hostname`, utf8(`${fullName}\n`));
  await writeNames(engine, record);
}

/** Writes hosts and resolv.conf: both change with the networks that a container is on. */
export async function writeNames(engine: Engine, record: ContainerRecord): Promise<void> {
  const path = `${containerDirectory(engine, record.id)}/resolv.conf`;
  await engine.hostPaths.write(path, utf8(resolvConf(engine, record)));
  await writeHosts(engine, record);
}

export async function writeHosts(engine: Engine, record: ContainerRecord): Promise<void> {
  const path = `${containerDirectory(engine, record.id)}/hosts`;
  await engine.hostPaths.write(path, utf8(await hosts(engine, record)));
}

const localNames = `127.0.0.1	localhost
::1	localhost ip6-localhost ip6-loopback
fe00::	ip6-localnet
ff00::	ip6-mcastprefix
ff02::1	ip6-allnodes
ff02::2	ip6-allrouters
`;

async function hosts(engine: Engine, record: ContainerRecord): Promise<string> {
  const { hostConfig, networks, config } = record;
  let lines = hostConfig.NetworkMode === "host" ? await hostsOfHost(engine) : localNames;
  for (const extra of hostConfig.ExtraHosts ?? []) {
    const colon = extra.indexOf(":");
    const address = extra.slice(colon + 1);
    lines += `${address === "host-gateway" ? engine.settings.bridge.gateway : address}\t${extra.slice(0, colon)}\n`;
  }
  for (const [alias, id] of Object.entries(record.links)) {
    const child = engine.containers.get(id);
    const address = child?.record.networks.bridge?.endpoint?.address;
    if (!child || !address) continue;
    const names = [alias, child.record.config.Hostname ?? "", child.name];
    lines += `${address}\t${[...new Set(names)].join(" ")}\n`;
  }
  const own = config.Domainname
    ? `${config.Hostname}.${config.Domainname} ${config.Hostname}`
    : config.Hostname;
  for (const { endpoint } of Object.values(networks)) {
    if (!endpoint) continue;
    if (endpoint.address !== "") lines += `${endpoint.address}\t${own}\n`;
    if (endpoint.address6 !== "") lines += `${endpoint.address6}\t${own}\n`;
  }
  return lines;
}

/** With the host's network a container gets the host's own file. */
async function hostsOfHost(engine: Engine): Promise<string> {
  if (!(await engine.hostPaths.stat("/etc/hosts"))) return localNames;
  return text(await engine.hostPaths.read("/etc/hosts"));
}

/** A container on a network of the user's has Docker's own DNS server at 127.0.0.11. */
export function hasEmbeddedDns(record: ContainerRecord): boolean {
  const names = Object.keys(record.networks);
  return names.some((name) => !["bridge", "host", "none"].includes(name));
}

/** The servers that the embedded DNS asks for what it does not know. */
export function upstreamDns(engine: Engine, record: ContainerRecord): string[] {
  if (record.hostConfig.Dns?.length) return record.hostConfig.Dns;
  return engine.settings.dns.length > 0 ? engine.settings.dns : engine.settings.upstreamDns;
}

function resolvConf(engine: Engine, record: ContainerRecord): string {
  const { Dns = [], DnsSearch = [], DnsOptions = [] } = record.hostConfig;
  const embedded = hasEmbeddedDns(record);
  const upstream = upstreamDns(engine, record);
  const overridden = Dns.length > 0 || engine.settings.dns.length > 0;
  const overrides = [
    ...(overridden ? ["nameservers"] : []),
    ...(DnsSearch.length > 0 ? ["search"] : []),
    ...(DnsOptions.length > 0 ? ["options"] : []),
  ];
  const search = DnsSearch.filter((domain) => domain !== ".");
  const ndots = DnsOptions.some((option) => option.startsWith("ndots:"));
  const options = [...DnsOptions, ...(embedded && !ndots ? ["ndots:0"] : [])];
  const lines = [
    "# Generated by Docker Engine.",
    "# This file can be edited; Docker Engine will not make further changes once it",
    "# has been modified.",
    "",
    ...(embedded ? ["nameserver 127.0.0.11"] : upstream.map((server) => `nameserver ${server}`)),
    ...(search.length > 0 ? [`search ${search.join(" ")}`] : []),
    ...(options.length > 0 ? [`options ${options.join(" ")}`] : []),
    "",
  ];
  const mode = record.hostConfig.NetworkMode ?? "bridge";
  const kind = embedded ? " (internal resolver)" : mode === "host" ? "" : " (legacy)";
  lines.push(`# Based on host file: '/etc/resolv.conf'${kind}`);
  if (embedded)
    lines.push(
      `# ExtServers: [${upstream.map((server) => (overridden ? server : `host(${server})`)).join(" ")}]`,
    );
  lines.push(`# Overrides: [${overrides.join(" ")}]`);
  if (embedded) lines.push(`# Option ndots from: ${ndots ? "override" : "internal"}`);
  return `${lines.join("\n")}\n`;
}
