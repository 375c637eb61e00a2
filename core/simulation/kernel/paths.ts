import { Errno } from "../../files/filesystem.ts";
import type { Inode } from "../../files/filesystem.ts";
import { inGroup } from "./credentials.ts";
import type { Credentials } from "./credentials.ts";
import { topmost, type Location } from "./mounts.ts";

/** From where, and as whom, paths are walked. */
export interface PathContext {
  readonly root: Location;
  readonly cwd: Location;
  readonly credentials: Credentials;
}

/** A symbolic link of /proc that leads straight to a place, whatever its text says (/proc/PID/exe, fd/3). */
export interface MagicLink extends Inode {
  jump(): Location;
}

const isMagic = (inode: Inode): inode is MagicLink => "jump" in inode;

/** A path's directory and last name, for what creates and deletes. */
export interface Entry {
  directory: Location;
  name: string;
  /** What is there, if anything; not followed, but with what is mounted on it. */
  location: Location | undefined;
  /** The path ended with a slash: it has to be a directory. */
  slash: boolean;
}

/** Walks `path` to its end. ENOENT, ENOTDIR, ELOOP, EACCES, ENAMETOOLONG. */
export function resolve(context: PathContext, path: string, follow = true): Location {
  const found = walk(context, path, follow || path.endsWith("/"), false);
  if (!found.location) throw new Errno("ENOENT");
  if (found.slash && found.location.inode.kind !== "directory") throw new Errno("ENOTDIR");
  return found.location;
}

/** Walks all but the last name of `path`. With `follow`, a last symbolic link leads on (as open with O_CREAT has it). */
export function resolveEntry(context: PathContext, path: string, follow = false): Entry {
  return walk(context, path, follow, true);
}

function walk(context: PathContext, path: string, follow: boolean, wantEntry: boolean): Entry {
  if (path === "") throw new Errno("ENOENT");
  if (path.length > 4095) throw new Errno("ENAMETOOLONG");
  let at = path.startsWith("/") ? context.root : context.cwd;
  let names = path.split("/");
  let links = 0;
  let slash = path.endsWith("/");
  for (let index = 0; index < names.length; index++) {
    const name = names[index]!;
    if (name === "" || name === ".") continue;
    if (at.inode.kind !== "directory") throw new Errno("ENOTDIR");
    mayAccess(at.inode, context.credentials, 1);
    if (name === "..") {
      at = upwards(at, context.root);
      continue;
    }
    if (name.length > 255) throw new Errno("ENAMETOOLONG");
    const last = isLast(names, index);
    const inode = at.inode.lookup(name);
    if (!inode) {
      if (last && wantEntry) return { directory: at, name, location: undefined, slash };
      throw new Errno("ENOENT");
    }
    const child = step(at, name, inode);
    if (child.inode.kind === "symlink" && (!last || follow || (slash && !wantEntry))) {
      if (++links > 40) throw new Errno("ELOOP");
      if (isMagic(child.inode)) {
        at = child.inode.jump();
        if (last) return { directory: at, name, location: at, slash };
        continue;
      }
      const target = child.inode.readlink();
      if (target === "") throw new Errno("ENOENT");
      if (target.startsWith("/")) at = context.root;
      slash = last ? slash || target.endsWith("/") : slash;
      names = [...target.split("/"), ...names.slice(index + 1)];
      index = -1;
      continue;
    }
    if (last) return { directory: at, name, location: child, slash };
    at = child;
  }
  // "/", "." and ".." at the end: no entry of a directory that could be made or removed.
  return { directory: at, name: "", location: at, slash };
}

function isLast(names: readonly string[], index: number): boolean {
  for (let at = index + 1; at < names.length; at++) if (names[at] !== "" && names[at] !== ".") return false;
  return true;
}

/** The entry `name` of directory `at`, or what is mounted on it. */
export function step(at: Location, name: string, inode: Inode): Location {
  const location: Location = {
    mount: at.mount,
    path: at.path === "/" ? `/${name}` : `${at.path}/${name}`,
    inode,
    parent: at,
    name,
  };
  return at.mount.children.size > 0 ? topmost(location) : location;
}

function upwards(at: Location, root: Location): Location {
  if (at.mount === root.mount && at.path === root.path) return at;
  return at.parent ? at.parent : at;
}

/** Throws EACCES unless the process may read (4), write (2) or search and execute (1) the inode: the bits of `wanted`. */
export function mayAccess(inode: Inode, credentials: Credentials, wanted: number): void {
  const { effective, euid } = credentials;
  if (effective.has("CAP_DAC_OVERRIDE")) {
    if (!(wanted & 1) || inode.kind === "directory") return;
    if (inode.attributes().mode & 0o111) return;
    throw new Errno("EACCES");
  }
  const { mode, uid, gid } = inode.attributes();
  const bits = uid === euid ? mode >> 6 : inGroup(credentials, gid) ? mode >> 3 : mode;
  if ((bits & wanted) === wanted) return;
  if (effective.has("CAP_DAC_READ_SEARCH") && !(wanted & 2) && (inode.kind === "directory" || !(wanted & 1)))
    return;
  throw new Errno("EACCES");
}

/** Throws unless entries of the directory may be made and removed: EROFS, EACCES. */
export function mayChangeDirectory(directory: Location, credentials: Credentials): void {
  mayAccess(directory.inode, credentials, 3);
  mayWriteTo(directory);
}

/** EROFS on a read-only mount. */
export function mayWriteTo(location: Location): void {
  if (location.mount.flags.readonly) throw new Errno("EROFS");
}

/** In a sticky directory only the owners may remove: EPERM. */
export function mayRemove(entry: Entry, credentials: Credentials): void {
  mayChangeDirectory(entry.directory, credentials);
  const above = entry.directory.inode.attributes();
  if (!(above.mode & 0o1000) || credentials.effective.has("CAP_FOWNER")) return;
  if (above.uid === credentials.euid || entry.location!.inode.attributes().uid === credentials.euid) return;
  throw new Errno("EPERM");
}
