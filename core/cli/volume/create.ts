import { command, maximum } from "../command.ts";
import { string } from "../flags/basic.ts";
import { list, map } from "../flags/lists.ts";
import { bytes } from "../flags/sizes.ts";
import { validLabel } from "../flags/validation.ts";
import { byKey, keyValues } from "../key_values.ts";

/** Flags of cluster volumes are only shown by managers of a swarm. */
const cluster = { version: "1.42", hidden: true };

/** docker volume create. */
export const volumeCreate = command({
  usage: "create [OPTIONS] [VOLUME]",
  short: "Create a volume",
  flags: {
    driver: string({ short: "d", usage: "What provides the volume", default: "local" }),
    name: string({ usage: "The volume's name", hidden: true }),
    opt: map({ short: "o", usage: "Options of the driver" }),
    label: list({ usage: "Put metadata on the volume", validate: validLabel }),
    group: string({ usage: "Group of the volume (cluster volumes)", ...cluster }),
    scope: string({
      usage: 'Where it may be used (cluster volumes: "single", "multi")',
      default: "single",
      ...cluster,
    }),
    sharing: string({
      usage: 'How it is shared (cluster volumes: "none", "readonly", "onewriter", "all")',
      default: "none",
      ...cluster,
    }),
    availability: string({
      usage: 'Availability (cluster volumes: "active", "pause", "drain")',
      default: "active",
      ...cluster,
    }),
    type: string({
      usage: 'How it is reached (cluster volumes: "mount", "block")',
      default: "block",
      ...cluster,
    }),
    secret: map({ usage: "Secrets (cluster volumes)", ...cluster }),
    "limit-bytes": bytes({ usage: "The smallest size in bytes (cluster volumes)", ...cluster }),
    "required-bytes": bytes({ usage: "The largest size in bytes (cluster volumes)", ...cluster }),
    "topology-required": list({
      usage: "A topology that it must be reachable from (cluster volumes)",
      ...cluster,
    }),
    "topology-preferred": list({ usage: "A topology that it should be in (cluster volumes)", ...cluster }),
  },
  arguments: maximum(1),
  async run(cli, [given], flags, { changed }) {
    if (given !== undefined && flags.name !== "") {
      throw new Error(
        "conflicting options: cannot specify a volume-name through both --name and as a positional arg",
      );
    }
    const clusterFlags = [
      "group",
      "scope",
      "sharing",
      "availability",
      "type",
      "limit-bytes",
      "required-bytes",
    ];
    const isCluster = clusterFlags.some((flag) => changed.has(flag));
    const name = given ?? flags.name;
    const body = {
      ...(isCluster ? { ClusterVolumeSpec: clusterSpec(flags) } : {}),
      ...(flags.driver ? { Driver: flags.driver } : {}),
      ...(Object.keys(flags.opt).length ? { DriverOpts: byKey(flags.opt) } : {}),
      ...(flags.label.length ? { Labels: byKey(keyValues(flags.label)) } : {}),
      ...(name ? { Name: name } : {}),
    };
    const client = await cli.client();
    const volume = await client.json<{ Name: string }>("POST", "/volumes/create", { body });
    await cli.out.line(volume.Name);
  },
});

interface ClusterFlags {
  group: string;
  scope: string;
  sharing: string;
  availability: string;
  type: string;
  secret: Record<string, string>;
  "limit-bytes": number;
  "required-bytes": number;
  "topology-required": string[];
  "topology-preferred": string[];
}

function clusterSpec(flags: ClusterFlags) {
  const { type, secret } = flags;
  const secrets = Object.keys(secret).sort();
  const [required, preferred] = [
    topologies(flags["topology-required"]),
    topologies(flags["topology-preferred"]),
  ];
  return {
    ...(flags.group ? { Group: flags.group } : {}),
    AccessMode: {
      Scope: flags.scope,
      Sharing: flags.sharing,
      ...(type === "mount" ? { MountVolume: {} } : type === "block" ? { BlockVolume: {} } : {}),
    },
    AccessibilityRequirements: {
      ...(required.length ? { Requisite: required } : {}),
      ...(preferred.length ? { Preferred: preferred } : {}),
    },
    CapacityRange: { RequiredBytes: flags["required-bytes"], LimitBytes: flags["limit-bytes"] },
    ...(secrets.length ? { Secrets: secrets.map((key) => ({ Key: key, Secret: secret[key] })) } : {}),
    ...(flags.availability ? { Availability: flags.availability } : {}),
  };
}

/** "zone=a,rack=1" as the segments of a topology. */
function topologies(given: string[]) {
  return given.map((topology) => ({ Segments: keyValues(topology.split(",")) }));
}
