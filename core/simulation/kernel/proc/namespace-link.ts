import type { Attributes } from "../../../files/filesystem.ts";
import { Mount, type Location } from "../mounts.ts";
import type { Namespace } from "../namespaces.ts";
import type { MagicLink } from "../paths.ts";
import { SyntheticInode, syntheticAttributes } from "../synthetic-inode.ts";

/** What an open /proc/PID/ns/KIND refers to: the namespace itself. */
export class NamespaceInode extends SyntheticInode {
  readonly kind = "file";
  readonly namespace: Namespace;

  constructor(namespace: Namespace) {
    super();
    this.namespace = namespace;
  }
  attributes(): Attributes {
    return syntheticAttributes(this.namespace.ino, 0o444, 0n);
  }
}

/** A symbolic link of /proc that jumps: to an inode that has no path (a namespace, a pipe), or to a place. */
export class JumpingLink extends SyntheticInode implements MagicLink {
  readonly kind = "symlink";
  readonly #attributes: Attributes;
  readonly #target: () => { text: string; location: Location };

  constructor(
    attributes: { ino: number; time: bigint; uid?: number; gid?: number },
    target: () => { text: string; location: Location },
  ) {
    super();
    const { uid = 0, gid = 0 } = attributes;
    this.#attributes = syntheticAttributes(attributes.ino, 0o777, attributes.time, { uid, gid });
    this.#target = target;
  }
  attributes(): Attributes {
    return this.#attributes;
  }
  override readlink(): string {
    return this.#target().text;
  }
  jump(): Location {
    return this.#target().location;
  }
}

/** A place for an inode that has none: its own only mount. */
export function nowhere(inode: SyntheticInode, type: string): Location {
  const mount = new Mount(0, { type, device: type === "nsfs" ? 4 : 13, root: inode });
  return { mount, path: "/", inode, parent: undefined, name: "" };
}
