import { systemError, type DockerError } from "../../errors/errors.ts";
import { Errno } from "../../files/filesystem.ts";
import type { ProcessSpec } from "../../tasks/spec.ts";
import { noCapabilities } from "../kernel/credentials.ts";
import { strerror } from "../kernel/errno-text.ts";
import { mayAccess, resolve } from "../kernel/paths.ts";
import type { Process } from "../kernel/process.ts";

/** Why runc gives up on a process, in its words; what it was about to do is put in front. */
export class RuntimeFailure extends Error {
  as(prefix: string): DockerError {
    return systemError(prefix + this.message);
  }
}

/** Go's text of an errno: "no such file or directory". */
export const goText = (error: unknown): string => {
  if (!(error instanceof Errno)) throw error;
  return strerror(error.code).toLowerCase();
};

/** Gives a process directory, user, groups, capabilities and limits. The directory comes first: root may enter it where the user may not. */
export function becomeUser(process: Process, spec: ProcessSpec): void {
  if (spec.cwd !== "" && !spec.cwd.startsWith("/")) throw new RuntimeFailure("Cwd must be an absolute path");
  try {
    const cwd = resolve(process, spec.cwd || "/");
    if (cwd.inode.kind !== "directory") throw new Errno("ENOTDIR");
    process.cwd = cwd;
  } catch (error) {
    throw new RuntimeFailure(
      `chdir to cwd (${JSON.stringify(spec.cwd)}) set in config.json failed: ${goText(error)}`,
    );
  }
  const { uid, gid, additionalGids } = spec.user;
  const bounding = new Set(spec.capabilities);
  const held = uid === 0 ? bounding : noCapabilities;
  process.credentials = {
    uid,
    euid: uid,
    suid: uid,
    gid,
    egid: gid,
    sgid: gid,
    groups: additionalGids,
    effective: held,
    permitted: held,
    inheritable: noCapabilities,
    bounding,
    ambient: noCapabilities,
    noNewPrivileges: spec.noNewPrivileges,
  };
  for (const { type, soft, hard } of spec.rlimits)
    process.rlimits.set(type.replace(/^RLIMIT_/, "").toLowerCase(), { soft, hard });
  if (spec.oomScoreAdj !== undefined) process.oomScoreAdj = spec.oomScoreAdj;
  process.actions.clear();
  process.blocked.clear();
  process.umask = 0o022;
  process.env = spec.env;
}

/** The path of the program to run, as Go's exec.LookPath finds it. */
export function findExecutable(process: Process, spec: ProcessSpec): string {
  const name = spec.args[0] ?? "";
  const failed = (reason: string) => new RuntimeFailure(`exec: ${JSON.stringify(name)}: ${reason}`);
  if (name.includes("/")) {
    const problem = unusable(process, name);
    if (problem) throw failed(problem);
    return name;
  }
  const path = spec.env.find((each) => each.startsWith("PATH="))?.slice(5) ?? "";
  for (const directory of name === "" ? [] : path.split(":")) {
    const candidate = `${directory || "."}/${name}`;
    if (!unusable(process, candidate)) return candidate;
  }
  throw failed("executable file not found in $PATH");
}

/** Why a file cannot be run; undefined when it can. */
function unusable(process: Process, path: string): string | undefined {
  let location;
  try {
    location = resolve(process, path);
  } catch (error) {
    return `stat ${path}: ${goText(error)}`;
  }
  if (location.inode.kind === "directory") return "is a directory: permission denied";
  try {
    mayAccess(location.inode, process.credentials, 1);
  } catch (error) {
    return goText(error);
  }
  return location.mount.flags.noexec ? "permission denied" : undefined;
}
