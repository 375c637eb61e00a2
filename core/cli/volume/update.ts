import { command, exact } from "../command.ts";
import { string } from "../flags/basic.ts";
import { objectName } from "../object_name.ts";

interface ClusterVolume {
  ID: string;
  Version: { Index: number };
  Spec: { Availability?: string };
}

/** docker volume update. */
export const volumeUpdate = command({
  usage: "update [OPTIONS] [VOLUME]",
  short: "Change a volume (cluster volumes only)",
  version: "1.42",
  // Docker shows it to managers of a swarm alone.
  hidden: true,
  flags: {
    availability: string({
      usage: 'Availability (cluster volumes: "active", "pause", "drain")',
      default: "active",
      version: "1.42",
      hidden: true,
    }),
  },
  arguments: exact(1),
  async run(cli, [given = ""], { availability }, { changed }) {
    const client = await cli.client();
    const volume = await client.json<{ ClusterVolume?: ClusterVolume | null }>(
      "GET",
      `/volumes/${objectName("volume", given)}`,
    );
    if (!volume.ClusterVolume) throw new Error("can only update cluster volumes");
    const { ID, Version, Spec } = volume.ClusterVolume;
    const spec = changed.has("availability") ? { ...Spec, Availability: availability } : Spec;
    await client.call("PUT", `/volumes/${ID}`, { query: { version: Version.Index }, body: { Spec: spec } });
  },
});
