import { parseIp } from "../go/ip.ts";
import { parseUnsigned } from "../go/strconv.ts";

export interface PortBinding {
  HostIp: string;
  HostPort: string;
}

/** What --publish and --expose say, by port and protocol: "80/tcp". */
export interface PublishedPorts {
  exposed: Record<string, Record<string, never>>;
  bindings: Record<string, PortBinding[]>;
}

/** Reads -p and --expose texts: "8080:80", "127.0.0.1:9000-9001:9000-9001/udp", "80/tcp". Throws go-connections' texts. */
export function publishedPorts(publish: readonly string[], expose: readonly string[]): PublishedPorts {
  const ports: PublishedPorts = { exposed: {}, bindings: {} };
  for (const text of publish.map(standardNotation)) {
    for (const { port, binding } of portMappings(text)) {
      ports.exposed[port] = {};
      (ports.bindings[port] ??= []).push(binding);
    }
  }
  for (const text of expose) {
    if (text.includes(":")) throw new Error(`invalid port format for --expose: ${text}`);
    const [protocol, port] = splitProtocol(text);
    let range: [number, number];
    try {
      range = portRange(port);
    } catch (error) {
      throw new Error(`invalid range format for --expose: ${text}, error: ${(error as Error).message}`);
    }
    for (let number = range[0]; number <= range[1]; number++) ports.exposed[`${number}/${protocol}`] = {};
  }
  return { exposed: sorted(ports.exposed), bindings: sorted(ports.bindings) };
}

/** "published=8080,target=80" as "8080:80/tcp". */
function standardNotation(text: string): string {
  if (!text.includes("=")) return text;
  const given: Record<string, string> = { protocol: "tcp" };
  for (const part of text.split(",")) {
    const equals = part.indexOf("=");
    if (equals < 1) throw new Error(`invalid publish opts format (should be name=value but got '${part}')`);
    given[part.slice(0, equals)] = part.slice(equals + 1);
  }
  return `${given["published"] ?? ""}:${given["target"] ?? ""}/${given["protocol"]}`;
}

function portMappings(text: string): { port: string; binding: PortBinding }[] {
  const parts = text.split(":");
  const last = parts.pop()!;
  const hostPort = parts.pop() ?? "";
  const [protocol, inner] = splitProtocol(last);
  const address = hostAddress(parts.join(":"));
  if (inner === "") throw new Error(`no port specified: ${text}<empty>`);
  const [start, end] = checkedRange(inner, `invalid containerPort: ${inner}`);
  const [hostStart, hostEnd] =
    hostPort === "" ? [0, 0] : checkedRange(hostPort, `invalid hostPort: ${hostPort}`);
  const single = start === end;
  if (hostPort !== "" && end - start !== hostEnd - hostStart && !single)
    throw new Error(`invalid ranges specified for container and host Ports: ${inner} and ${hostPort}`);
  if (!["tcp", "udp", "sctp"].includes(protocol.toLowerCase())) throw new Error(`invalid proto: ${protocol}`);
  const mappings = [];
  for (let at = 0; at <= end - start; at++) {
    // A range on the host for a single port: the engine takes one that is free.
    const range = single && hostStart !== hostEnd ? `${hostStart}-${hostEnd}` : String(hostStart + at);
    mappings.push({
      port: `${start + at}/${protocol.toLowerCase()}`,
      binding: { HostIp: address, HostPort: hostPort === "" ? "" : range },
    });
  }
  return mappings;
}

function hostAddress(text: string): string {
  const address = text.replace(/^\[(.*)\]$/, "$1");
  if (address !== "" && parseIp(address) === undefined) throw new Error(`invalid IP address: ${text}`);
  return address;
}

/** "80/udp" as protocol and port. */
export function splitProtocol(text: string): [protocol: string, port: string] {
  const [port = "", protocol = ""] = text.split("/");
  if (port === "") return ["", ""];
  return [protocol || "tcp", port];
}

/** "8000-8010" as its ends. Throws Go's texts. */
export function portRange(text: string): [number, number] {
  if (text === "") throw new Error("empty string specified for ports");
  const [from = "", to = from] = text.split("-");
  const [start, end] = [parseUnsigned(from, 16, 10), parseUnsigned(to, 16, 10)];
  if (end < start) throw new Error(`invalid range specified for port: ${text}`);
  return [start, end];
}

function checkedRange(text: string, message: string): [number, number] {
  try {
    return portRange(text);
  } catch {
    throw new Error(message);
  }
}

function sorted<T>(values: Record<string, T>): Record<string, T> {
  return Object.fromEntries(Object.entries(values).sort(([a], [b]) => (a < b ? -1 : 1)));
}
