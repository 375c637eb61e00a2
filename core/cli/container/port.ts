import { between, command } from "../command.ts";
import { parseUnsigned } from "../go/strconv.ts";
import { naturalCompare } from "../natural_order.ts";
import { containerPath } from "./container_path.ts";
import type { PortBinding } from "./ports.ts";

export const port = command({
  usage: "port CONTAINER [PRIVATE_PORT[/PROTO]]",
  aliasLine: "docker container port, docker port",
  short: "Show where a container's ports are published",
  flags: {},
  arguments: between(1, 2),
  async run(cli, [name = "", wanted = ""]) {
    const client = await cli.client();
    const container = await client.json<{
      NetworkSettings: { Ports: Record<string, PortBinding[] | null> | null };
    }>("GET", `${containerPath(name)}/json`);
    const ports = container.NetworkSettings.Ports ?? {};
    const lines = wanted
      ? publishedAt(ports, wanted, name)
      : Object.entries(ports).flatMap(([from, bindings]) =>
          (bindings ?? []).map((one) => `${from} -> ${address(one)}`),
        );
    if (lines.length > 0) await cli.out.line(lines.sort(naturalCompare).join("\n"));
  },
});

function publishedAt(ports: Record<string, PortBinding[] | null>, wanted: string, name: string): string[] {
  const [number = "", protocol] = wanted.split("/");
  try {
    parseUnsigned(number, 16, 10);
  } catch (error) {
    throw new Error(`Error: invalid port (${number}): ${(error as Error).message}`);
  }
  const bindings = ports[`${number}/${protocol || "tcp"}`] ?? [];
  if (bindings.length === 0) throw new Error(`Error: No public port '${wanted}' published for ${name}`);
  return bindings.map(address);
}

/** Go's net.JoinHostPort. */
function address({ HostIp: ip, HostPort: number }: PortBinding): string {
  return `${ip.includes(":") ? `[${ip}]` : ip}:${number}`;
}
