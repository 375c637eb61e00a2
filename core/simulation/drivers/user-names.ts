import { Errno } from "../../files/filesystem.ts";
import { text } from "../../platform/bytes.ts";
import type { Kernel } from "../kernel/kernel.ts";
import { resolve } from "../kernel/paths.ts";

/** The host's users by number, from its /etc/passwd. */
export function userNames(kernel: Kernel): ReadonlyMap<number, string> {
  const names = new Map([[0, "root"]]);
  try {
    const { inode } = resolve(kernel.init, "/etc/passwd");
    for (const line of text(inode.read(0, inode.attributes().size)).split("\n")) {
      const [name, , uid] = line.split(":");
      if (name && uid && !names.has(Number(uid))) names.set(Number(uid), name);
    }
  } catch (error) {
    if (!(error instanceof Errno)) throw error;
  }
  return names;
}
