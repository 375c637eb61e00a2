import type { ContainerRecord } from "../../../containers/record.ts";
import type { Engine, Operation } from "../../engine.ts";

/** Makes the directories of the host that -v names and that are not there. */
export async function mountSources(
  engine: Engine,
  _operation: Operation,
  record: ContainerRecord,
): Promise<void> {
  for (const mount of record.mounts)
    if (mount.type === "bind" && mount.createSource && !(await engine.hostPaths.stat(mount.source)))
      await engine.hostPaths.mkdir(mount.source);
}

/** Tells that a container's volumes are mounted, or no longer. */
export function volumeEvents(engine: Engine, record: ContainerRecord, action: "mount" | "unmount"): void {
  for (const mount of record.mounts) {
    if (mount.type !== "volume") continue;
    const driver = mount.driver ?? "local";
    engine.events.publish(
      "volume",
      action,
      mount.name!,
      action === "mount"
        ? {
            container: record.id,
            destination: mount.destination,
            driver,
            propagation: mount.propagation,
            "read/write": String(mount.rw),
          }
        : { container: record.id, driver },
    );
  }
}
