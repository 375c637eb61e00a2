import type { HostConfig, MountRequest } from "../../../containers/hostconfig.ts";
import type { MountPoint } from "../../../containers/record.ts";
import type { Container } from "../../../containers/container.ts";
import { DockerError, invalidParameter } from "../../../errors/errors.ts";
import type { ContainerConfig } from "../../../oci/image.ts";
import type { Engine } from "../../engine.ts";
import { parseBind } from "./bind.ts";
import { cleanPath } from "./validate.ts";

/**
 * Everything that is to be mounted in a container, one per place: first what --volumes-from brings, over it the binds,
 * --mount and --tmpfs, and volumes of the image where nothing else is. Volumes without a name are marked anonymous.
 */
export function resolveMounts(engine: Engine, host: HostConfig, config: ContainerConfig): MountPoint[] {
  const places = new Map<string, MountPoint>();
  for (const from of host.VolumesFrom ?? [])
    for (const mount of mountsFrom(engine, from)) places.set(mount.destination, mount);
  const driver = host.VolumeDriver || "local";
  const taken = new Set<string>();
  const put = (mount: MountPoint) => {
    if (taken.has(mount.destination)) throw invalidParameter(`Duplicate mount point: ${mount.destination}`);
    taken.add(mount.destination);
    places.set(mount.destination, mount);
  };
  for (const bind of host.Binds ?? []) put(named(parseBind(bind, driver)));
  for (const mount of host.Mounts ?? []) put(named(fromRequest(mount)));
  // --tmpfs stands in HostConfig.Tmpfs alone; docker inspect does not list it as a mount.
  for (const destination of Object.keys(host.Tmpfs ?? {})) {
    taken.add(cleanPath(destination));
    if (places.get(cleanPath(destination))?.viaMount) continue;
    places.delete(cleanPath(destination));
  }
  for (const written of Object.keys(config.Volumes ?? {})) {
    const destination = cleanPath(written);
    if (places.has(destination) || taken.has(destination) || destination === "/") continue;
    places.set(
      destination,
      named({
        type: "volume",
        name: "",
        source: "",
        destination,
        driver,
        mode: "",
        rw: true,
        propagation: "",
        copyData: true,
      }),
    );
  }
  return [...places.values()];
}

function named(mount: MountPoint): MountPoint {
  return mount.type === "volume" && mount.name === "" ? { ...mount, anonymous: true } : mount;
}

function mountsFrom(engine: Engine, spec: string): MountPoint[] {
  const [source = "", mode] = splitOnce(spec);
  if (source === "") throw invalidParameter(`volumes-from specification cannot be an empty string`);
  if (mode !== undefined && !["ro", "rw", "z", "Z"].includes(mode))
    throw invalidParameter(`invalid mode: ${mode}`);
  const container = sourceContainer(engine, source);
  return container.record.mounts.map((mount) => ({
    ...mount,
    rw: mount.rw && mode !== "ro",
    mode: mode ?? mount.mode,
    copyData: false,
    // rm -v of this container leaves what is another's; of two that share one, the last takes it along.
    ...(mount.anonymous ? { anonymous: true } : {}),
  }));
}

/** A container that is not there is a fault of the request here: Docker answers 400, not 404. */
function sourceContainer(engine: Engine, containerRef: string): Container {
  try {
    return engine.containers.resolve(containerRef);
  } catch (error) {
    throw error instanceof DockerError ? invalidParameter(error.message, error.data) : error;
  }
}

function splitOnce(spec: string): [string, string?] {
  const colon = spec.indexOf(":");
  return colon < 0 ? [spec] : [spec.slice(0, colon), spec.slice(colon + 1)];
}

function fromRequest(request: MountRequest): MountPoint {
  const rw = !request.ReadOnly;
  const destination = cleanPath(request.Target!);
  const base = { destination, mode: "", rw, viaMount: true };
  if (request.Type === "bind")
    return {
      ...base,
      type: "bind",
      source: cleanPath(request.Source!),
      propagation: request.BindOptions?.Propagation || "rprivate",
      ...(request.BindOptions?.CreateMountpoint ? { createSource: true } : {}),
      ...(request.BindOptions?.NonRecursive ? { nonRecursive: true } : {}),
    };
  if (request.Type === "tmpfs") {
    const { SizeBytes, Mode } = request.TmpfsOptions ?? {};
    const options = [
      ...(SizeBytes ? [`size=${SizeBytes}`] : []),
      ...(Mode ? [`mode=${Mode.toString(8)}`] : []),
    ];
    return { ...base, type: "tmpfs", source: "", propagation: "", options };
  }
  if (request.Type === "image")
    return {
      ...base,
      type: "image",
      source: request.Source!,
      propagation: "",
      rw: false,
      ...(request.ImageOptions?.Subpath ? { subpath: request.ImageOptions.Subpath } : {}),
    };
  const options = request.VolumeOptions;
  return {
    ...base,
    type: "volume",
    name: request.Source ?? "",
    source: "",
    driver: options?.DriverConfig?.Name || "local",
    mode: "z",
    propagation: "",
    copyData: !options?.NoCopy,
    ...(options?.Subpath ? { subpath: options.Subpath } : {}),
  };
}
