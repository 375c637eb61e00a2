import type { ContainerRecord } from "../../containers/record.ts";
import type { Engine } from "../engine.ts";

/** Where programs are looked for when neither image nor user says. */
export const defaultPath = "PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

/** The environment of a container's processes, in Docker's order. `tty` may be that of docker exec. */
export function containerEnvironment(engine: Engine, record: ContainerRecord, tty: boolean): string[] {
  const base = [defaultPath, `HOSTNAME=${record.config.Hostname ?? ""}`];
  if (tty) base.push("TERM=xterm");
  return overlayEnvironment([...base, ...linkEnvironment(engine, record)], record.config.Env ?? []);
}

/** `over` put over `base`: a variable keeps its place, new ones come at the end; "NAME" without "=" takes it away. */
export function overlayEnvironment(base: readonly string[], over: readonly string[]): string[] {
  const result: (string | undefined)[] = [...base];
  const places = new Map(base.map((variable, at) => [variable.split("=")[0]!, at]));
  for (const variable of over) {
    const name = variable.split("=")[0]!;
    const at = places.get(name);
    if (!variable.includes("=")) {
      if (at !== undefined) result[at] = undefined;
    } else if (at !== undefined) result[at] = variable;
    else {
      places.set(name, result.length);
      result.push(variable);
    }
  }
  return result.filter((variable) => variable !== undefined);
}

/** The variables that tell a container of its links: DB_PORT=tcp://172.17.0.2:5432 … */
function linkEnvironment(engine: Engine, record: ContainerRecord): string[] {
  const variables: string[] = [];
  for (const [alias, id] of Object.entries(record.links)) {
    const child = engine.containers.get(id);
    const address = child?.record.networks.bridge?.endpoint?.address;
    if (!child || !address) continue;
    const prefix = alias.replaceAll("-", "_").toUpperCase();
    const ports = Object.keys(child.record.config.ExposedPorts ?? {}).sort(byPort);
    const parsed = ports.map((port) => port.split("/") as [string, string?]);
    const [first] = parsed;
    if (first) variables.push(`${prefix}_PORT=${first[1] ?? "tcp"}://${address}:${first[0]}`);
    for (const [port, protocol = "tcp"] of parsed) {
      const name = `${prefix}_PORT_${port}_${protocol.toUpperCase()}`;
      variables.push(
        `${name}=${protocol}://${address}:${port}`,
        `${name}_ADDR=${address}`,
        `${name}_PORT=${port}`,
        `${name}_PROTO=${protocol}`,
      );
    }
    variables.push(`${prefix}_NAME=/${record.name}/${alias}`);
    for (const variable of child.record.config.Env ?? []) {
      const [name = "", ...value] = variable.split("=");
      if (name !== "HOME" && name !== "PATH") variables.push(`${prefix}_ENV_${name}=${value.join("=")}`);
    }
  }
  return variables;
}

/** tcp before udp, then by number. */
function byPort(one: string, other: string): number {
  const [port, protocol = "tcp"] = one.split("/");
  const [otherPort, otherProtocol = "tcp"] = other.split("/");
  return protocol === otherProtocol ? Number(port) - Number(otherPort) : protocol < otherProtocol ? -1 : 1;
}
