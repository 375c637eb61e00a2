import type { ContainerRecord, MountPoint } from "../../../containers/record.ts";
import { randomId } from "../../../platform/random.ts";
import { anonymousLabel } from "../../../volumes/store.ts";
import type { Engine, Operation } from "../../engine.ts";
import { ensureVolume } from "../../volume/create.ts";
import { removeVolume } from "../../volume/remove.ts";
import { copyUp } from "./copy-up.ts";

/**
 * Makes the volumes that a new container needs and fills the new ones with what the image has in their place; gives the
 * mounts with their sources. All is undone when one fails.
 */
export async function createMounts(
  engine: Engine,
  operation: Operation,
  record: ContainerRecord,
  mounts: readonly MountPoint[],
): Promise<MountPoint[]> {
  const made: MountPoint[] = [];
  try {
    for (const mount of mounts) {
      if (mount.type === "image") {
        made.push(await imageMount(engine, operation, record, mount));
        continue;
      }
      if (mount.type !== "volume") {
        made.push(mount);
        continue;
      }
      const name = mount.name || randomId(engine.random);
      const labels = mount.name ? null : { [anonymousLabel]: "" };
      const volume = await ensureVolume(engine, operation, {
        name,
        driver: mount.driver ?? "local",
        labels: { ...labels, ...mountLabels(record, mount) },
        options: {},
      });
      engine.volumes.use(name, record.id);
      const complete: MountPoint = { ...mount, name, source: volume.mountpoint, driver: volume.driver };
      made.push(complete);
      if (complete.copyData) await copyUp(engine, operation, record.id, complete);
    }
  } catch (error) {
    await releaseMounts(engine, operation, { ...record, mounts: made }, true);
    throw error;
  }
  // Docker lists them by a map's order; sorted they are the same every time.
  return made;
}

/** An image's files as a mount: a snapshot of its own over the image's layers, which nobody writes to. */
async function imageMount(
  engine: Engine,
  operation: Operation,
  record: ContainerRecord,
  mount: MountPoint,
): Promise<MountPoint> {
  const { id, chainId } = engine.images.resolve(mount.source);
  const key = `${record.id}-image${mount.destination.replaceAll("/", "-")}`;
  await engine.snapshotter.prepare(key, chainId, operation.trace);
  return { ...mount, name: key, source: mount.source, imageId: id };
}

function mountLabels(record: ContainerRecord, mount: MountPoint): Record<string, string> | null {
  const request = record.hostConfig.Mounts?.find(({ Target }) => Target === mount.destination);
  return request?.VolumeOptions?.Labels ?? null;
}

/** The container no longer has its volumes; with `removeAnonymous` those made for it alone go. */
export async function releaseMounts(
  engine: Engine,
  operation: Operation,
  record: ContainerRecord,
  removeAnonymous: boolean,
): Promise<void> {
  for (const mount of record.mounts) {
    if (mount.type === "image") await engine.snapshotter.remove(mount.name!, operation.trace);
    if (mount.type !== "volume") continue;
    engine.volumes.release(mount.name!, record.id);
    const gone = !engine.volumes.get(mount.name!);
    if (!removeAnonymous || !mount.anonymous || gone || engine.volumes.users(mount.name!).length > 0)
      continue;
    await removeVolume(engine, operation, mount.name!);
  }
}
