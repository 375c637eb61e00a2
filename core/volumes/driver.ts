import type { RootFs } from "../files/rootfs.ts";
import type { Trace } from "../steps/trace.ts";

/** Where volumes lie. Names, labels and who uses them are the engine's. */
export interface VolumeDriver {
  /** "local". */
  readonly name: string;
  /** Makes it; `options` are those of docker volume create -o (type, device, o). Returns its path on the host. */
  create(volumeName: string, options: Record<string, string>, trace?: Trace): Promise<{ mountpoint: string }>;
  remove(volumeName: string, trace?: Trace): Promise<void>;
  /** Its files. */
  open(volumeName: string): Promise<RootFs>;
  /** Bytes in use. */
  usage(volumeName: string): Promise<number>;
}

/** The host's own directories, for bind mounts. */
export interface HostPaths {
  stat(path: string): Promise<{ kind: "file" | "directory" | "other" } | undefined>;
  /** mkdir -p, as -v makes what is missing. */
  mkdir(path: string): Promise<void>;
  read(path: string): Promise<Uint8Array>;
  /** Writes a file of the engine's own, such as a container's hosts and resolv.conf. */
  write(path: string, bytes: Uint8Array): Promise<void>;
  remove(path: string): Promise<void>;
}
