import type { MountPoint } from "../../containers/record.ts";

/** A mount as docker inspect and docker ps have it. */
export function mountJson(mount: MountPoint): unknown {
  return {
    Type: mount.type,
    ...(mount.type === "volume" ? { Name: mount.name } : {}),
    Source: mount.source,
    Destination: mount.destination,
    ...(mount.driver ? { Driver: mount.driver } : {}),
    Mode: mount.mode,
    RW: mount.rw,
    Propagation: mount.propagation,
  };
}
