import type { FileSystem, Inode } from "../../files/filesystem.ts";
import { Namespace } from "./namespaces.ts";

/** Flags of a mount, as mountinfo lists them. */
export interface MountFlags {
  readonly: boolean;
  nosuid: boolean;
  nodev: boolean;
  noexec: boolean;
}

export const defaultMountFlags: MountFlags = { readonly: false, nosuid: false, nodev: false, noexec: false };

/** One mount: (a part of) a file system at a place in the tree of a mount namespace. */
export class Mount {
  readonly id: number;
  readonly fileSystem: FileSystem;
  /** What shows at the mount point. */
  readonly root: Inode;
  /** Path of `root` within the file system; not "/" for bind mounts of something deeper. */
  readonly rootPath: string;
  flags: MountFlags;
  /** First column of /proc/mounts. */
  readonly source: string;
  /** The file system's own options: "lowerdir=…", "size=65536k". */
  readonly options: string;
  propagation: "private" | "shared" | "slave" = "private";
  /** The mount that it lies on, and where: undefined for a root. */
  parent: Mount | undefined;
  /** Path within `parent`'s tree ("/proc"); "/" when it covers the parent's root. */
  point = "/";
  /** Mounts on this one by path within it. */
  readonly children = new Map<string, Mount>();

  constructor(
    id: number,
    fileSystem: FileSystem,
    options: { root?: Inode; rootPath?: string; flags?: MountFlags; source?: string; options?: string } = {},
  ) {
    this.id = id;
    this.fileSystem = fileSystem;
    this.root = options.root ?? fileSystem.root;
    this.rootPath = options.rootPath ?? "/";
    this.flags = options.flags ?? defaultMountFlags;
    this.source = options.source ?? fileSystem.type;
    this.options = options.options ?? "";
  }

  /** "rw,nosuid,nodev,noexec,relatime". */
  flagText(): string {
    const { flags } = this;
    const words = [flags.readonly ? "ro" : "rw"];
    if (flags.nosuid) words.push("nosuid");
    if (flags.nodev) words.push("nodev");
    if (flags.noexec) words.push("noexec");
    words.push("relatime");
    return words.join(",");
  }

  attach(child: Mount, point: string): void {
    child.parent = this;
    child.point = point;
    this.children.set(point, child);
  }

  detach(): void {
    if (this.parent?.children.get(this.point) === this) this.parent.children.delete(this.point);
    this.parent = undefined;
  }

  /** Where it shows, as a path from the namespace's root. */
  path(): string {
    if (!this.parent) return "/";
    const above = this.parent.path();
    if (this.point === "/") return above;
    return above === "/" ? this.point : above + this.point;
  }
}

/**
 * A place in the tree of files: an inode, the mount through which it is seen, and the way there, which is what ".."
 * and getcwd go by.
 */
export interface Location {
  readonly mount: Mount;
  /** Path within the mount: "/" for its root. */
  readonly path: string;
  readonly inode: Inode;
  /** Undefined for the root of a namespace. */
  readonly parent: Location | undefined;
  readonly name: string;
}

/** A tree of mounts. */
export class MountNamespace extends Namespace {
  root: Mount;

  constructor(ino: number, root: Mount) {
    super("mnt", ino);
    this.root = root;
  }

  /** Every mount, parents before children, in the order they were made. */
  mounts(): Mount[] {
    const all: Mount[] = [];
    const visit = (mount: Mount) => {
      all.push(mount);
      for (const child of mount.children.values()) visit(child);
    };
    visit(this.root);
    return all.sort((a, b) => a.id - b.id);
  }

  rootLocation(): Location {
    return topmost({ mount: this.root, path: "/", inode: this.root.root, parent: undefined, name: "" });
  }
}

/** Goes up to the mount that covers `location`, if any. */
export function topmost(location: Location): Location {
  let top = location;
  for (;;) {
    const cover = top.mount.children.get(top.path);
    if (!cover) return top;
    top = { mount: cover, path: "/", inode: cover.root, parent: top.parent, name: top.name };
  }
}

/** A copy of `mount` and of what is mounted on it. `takeId` numbers the copies; `copied` is told of each pair. */
export function copyMountTree(
  mount: Mount,
  takeId: () => number,
  copied: (from: Mount, to: Mount) => void = () => {},
): Mount {
  const copy = new Mount(takeId(), mount.fileSystem, mount);
  copy.propagation = mount.propagation;
  copied(mount, copy);
  for (const [point, child] of mount.children) copy.attach(copyMountTree(child, takeId, copied), point);
  return copy;
}

/** The absolute path of a location below `root`; "(unreachable)…" as getcwd has it when it lies elsewhere. */
export function pathOf(location: Location, root?: Location): string {
  const names: string[] = [];
  for (let at: Location | undefined = location; at; at = at.parent) {
    if (root && at.mount === root.mount && at.path === root.path) return "/" + names.reverse().join("/");
    if (at.parent) names.push(at.name);
  }
  const path = "/" + names.reverse().join("/");
  return root && root.parent ? "(unreachable)" + path : path;
}
