import type { ContainerRecord } from "../../containers/record.ts";
import type { EndpointSpec, PortMapping } from "../../networks/driver.ts";
import type { Engine, Operation } from "../engine.ts";

/** A port of a container and the host's port, range of ports, or "" for any, that shall lead to it. */
interface Wanted {
  protocol: PortMapping["protocol"];
  containerPort: number;
  hostIps: string[];
  hostPort: string;
}

/** Opens the host's ports for a container that has come onto a network; all or none. */
export async function publishPorts(
  engine: Engine,
  operation: Operation,
  record: ContainerRecord,
  endpoint: EndpointSpec,
): Promise<void> {
  const ipv6 = true;
  for (const wanted of wantedPorts(record, ipv6)) {
    const places = wanted.hostIps.map((hostIp) => ({ protocol: wanted.protocol, hostIp }));
    const [low, high] = wanted.hostPort.split("-").map(Number);
    const port =
      wanted.hostPort === "" || low === 0
        ? engine.ports.draw(places)
        : high === undefined
          ? (engine.ports.take(places, low!), low!)
          : engine.ports.draw(places, low, high);
    const mappings = places.map(({ protocol, hostIp }): PortMapping => ({
      protocol,
      hostIp,
      hostPort: port,
      containerPort: wanted.containerPort,
    }));
    for (const [at, mapping] of mappings.entries()) {
      try {
        record.ports.push(
          await engine.networkDriver.publish(record.sandboxId, endpoint, mapping, operation.trace),
        );
      } catch (error) {
        for (const unused of mappings.slice(at)) engine.ports.release(unused);
        throw error;
      }
    }
  }
}

/** Closes them again. */
export async function unpublishPorts(
  engine: Engine,
  operation: Operation,
  record: ContainerRecord,
  endpoint: EndpointSpec,
): Promise<void> {
  for (const mapping of record.ports.splice(0)) {
    engine.ports.release(mapping);
    await engine.networkDriver.unpublish(record.sandboxId, endpoint, mapping, operation.trace);
  }
}

function wantedPorts(record: ContainerRecord, ipv6: boolean): Wanted[] {
  const { PortBindings = {}, PublishAllPorts } = record.hostConfig;
  const wanted: Wanted[] = [];
  const everywhere = ipv6 ? ["0.0.0.0", "::"] : ["0.0.0.0"];
  for (const port of portsInOrder(record)) {
    const [number = "", protocol = "tcp"] = port.split("/");
    const bindings = PortBindings[port] ?? [];
    const all =
      bindings.length > 0
        ? bindings
        : PublishAllPorts || port in PortBindings
          ? [{ HostIp: "", HostPort: "" }]
          : [];
    for (const { HostIp, HostPort } of all)
      wanted.push({
        protocol: protocol as PortMapping["protocol"],
        containerPort: Number(number),
        hostIps: HostIp === "" ? everywhere : [HostIp],
        hostPort: HostPort,
      });
  }
  return wanted;
}

/** Published and exposed ports of a container, each once: "80/tcp". */
export function portsInOrder(record: ContainerRecord): string[] {
  const ports = new Set([
    ...Object.keys(record.hostConfig.PortBindings ?? {}),
    ...Object.keys(record.config.ExposedPorts ?? {}),
  ]);
  return [...ports].map((port) => (port.includes("/") ? port : `${port}/tcp`)).sort(comparePorts);
}

function comparePorts(one: string, other: string): number {
  const [port = "", protocol = ""] = one.split("/");
  const [otherPort = "", otherProtocol = ""] = other.split("/");
  return Number(port) - Number(otherPort) || (protocol < otherProtocol ? -1 : 1);
}
