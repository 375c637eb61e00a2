import type { ContainerRecord } from "../../containers/record.ts";
import { Errno } from "../../files/filesystem.ts";
import type { RootFs } from "../../files/rootfs.ts";
import type { Engine } from "../engine.ts";
import { cleanPath } from "./mounts/validate.ts";

/** Makes what a new container's own layer has from the start: its working directory. */
export async function prepareRoot(engine: Engine, record: ContainerRecord): Promise<void> {
  const { WorkingDir } = record.config;
  if (!WorkingDir || cleanPath(WorkingDir) === "/") return;
  const root = await engine.snapshotter.open(record.id);
  try {
    await makeDirectories(root, cleanPath(WorkingDir));
  } finally {
    await root.close();
  }
}

/** mkdir -p within a container's root, owned by root. */
export async function makeDirectories(root: RootFs, path: string): Promise<void> {
  let made = "";
  for (const part of path.split("/").slice(1)) {
    made += `/${part}`;
    if (await exists(root, made)) continue;
    await root.mkdir(made, { mode: 0o755, uid: 0, gid: 0 });
  }
}

/** Whether something is there, links followed. */
export async function exists(root: RootFs, path: string): Promise<boolean> {
  try {
    await root.stat(path);
    return true;
  } catch (error) {
    if (error instanceof Errno && (error.code === "ENOENT" || error.code === "ENOTDIR")) return false;
    throw error;
  }
}
