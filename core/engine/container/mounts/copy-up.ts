import type { MountPoint } from "../../../containers/record.ts";
import type { Engine, Operation } from "../../engine.ts";
import { exists } from "../root.ts";

/** Fills an empty volume with what the image has where it is mounted, its owner and mode too. */
export async function copyUp(
  engine: Engine,
  operation: Operation,
  key: string,
  mount: MountPoint,
): Promise<void> {
  const root = await engine.snapshotter.open(key);
  try {
    if (!(await exists(root, mount.destination))) return;
    if ((await root.stat(mount.destination)).kind !== "directory") return;
    const volume = await engine.volumeDriver.open(mount.name!);
    try {
      if ((await volume.readdir("/")).length > 0) return;
      await operation.trace.step(
        "storage",
        "copy image content into volume",
        { volume: mount.name, path: mount.destination },
        async () => volume.extract("/", root.archive(mount.destination, { rename: ".", followLink: true })),
      );
    } finally {
      await volume.close();
    }
  } finally {
    await root.close();
  }
}
