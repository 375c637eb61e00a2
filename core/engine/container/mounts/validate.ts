import type { MountRequest } from "../../../containers/hostconfig.ts";
import { invalidParameter } from "../../../errors/errors.ts";
import type { HostPaths } from "../../../volumes/driver.ts";

const propagations = ["", "private", "rprivate", "slave", "rslave", "shared", "rshared"];

/** Checks one --mount. Throws invalidParameter "invalid mount config for type "bind": …". */
export async function validateMountRequest(hostPaths: HostPaths, mount: MountRequest): Promise<void> {
  const fault = await faultOf(hostPaths, mount);
  if (fault === undefined) return;
  throw invalidParameter(
    fault.endsWith(`on mount type ${JSON.stringify(mount.Type)}`)
      ? fault
      : `invalid mount config for type ${JSON.stringify(mount.Type ?? "")}: ${fault}`,
  );
}

async function faultOf(hostPaths: HostPaths, mount: MountRequest): Promise<string | undefined> {
  const { Type = "", Source = "", Target = "" } = mount;
  if (Target === "") return "field Target must not be empty";
  const destination = destinationFault(Target);
  if (destination) return destination;
  const alien = (["BindOptions", "VolumeOptions", "ImageOptions", "TmpfsOptions"] as const).find(
    (options) => mount[options] !== undefined && options.toLowerCase() !== `${Type}options`,
  );
  if (["bind", "volume", "tmpfs", "image"].includes(Type) && alien)
    return `${alien} must not be specified on mount type ${JSON.stringify(Type)}`;
  if (Type === "bind") {
    if (Source === "") return "field Source must not be empty";
    if (!Source.startsWith("/")) return `invalid mount path: '${Source}' mount path must be absolute`;
    const propagation = mount.BindOptions?.Propagation ?? "";
    if (!propagations.includes(propagation)) return `invalid propagation mode: ${propagation}`;
    if (!mount.BindOptions?.CreateMountpoint && !(await hostPaths.stat(Source)))
      return `bind source path does not exist: ${Source}`;
    return undefined;
  }
  if (Type === "volume") {
    const subpath = mount.VolumeOptions?.Subpath ?? "";
    if (subpath !== "" && (subpath.startsWith("/") || subpath.split("/").includes("..")))
      return "subpath must be a relative path within the volume";
    if (Source === "" && subpath !== "") return "must not set Subpath when using anonymous volumes";
    return undefined;
  }
  if (Type === "tmpfs") return Source === "" ? undefined : "field Source must not be specified";
  if (Type === "image") return Source === "" ? "field Source must not be empty" : undefined;
  return "mount type unknown";
}

/** What is wrong with a path inside a container as a place to mount at. */
export function destinationFault(destination: string): string | undefined {
  if (!destination.startsWith("/")) return `invalid mount path: '${destination}' mount path must be absolute`;
  if (cleanPath(destination) === "/") return "invalid specification: destination can't be '/'";
  return undefined;
}

/** An absolute path without "." and "..", double or last slashes. */
export function cleanPath(path: string): string {
  const parts: string[] = [];
  for (const part of path.split("/")) {
    if (part === "" || part === ".") continue;
    if (part === "..") parts.pop();
    else parts.push(part);
  }
  return `/${parts.join("/")}`;
}
