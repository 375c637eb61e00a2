import { systemError } from "../../errors/errors.ts";
import type { RootFs } from "../../files/rootfs.ts";
import { text } from "../../platform/bytes.ts";
import { statIn } from "../context/scope.ts";

/** The numbers of --chown=USER[:GROUP], names looked up in the image's own /etc/passwd and /etc/group. */
export async function ownerOf(root: RootFs, chown: string): Promise<{ uid: number; gid: number }> {
  try {
    const parts = chown.split(":");
    if (parts.length > 2) throw new Error(`invalid chown string format: ${chown}`);
    const [user = "", group = user] = parts;
    return {
      uid: await lookUp(root, "/etc/passwd", user, "user", "uid"),
      gid: await lookUp(root, "/etc/group", group, "group", "gid"),
    };
  } catch (error) {
    throw systemError(`unable to convert uid/gid chown string to host mapping: ${(error as Error).message}`);
  }
}

async function lookUp(
  root: RootFs,
  file: string,
  name: string,
  what: string,
  number: string,
): Promise<number> {
  if (/^[-+]?\d+$/.test(name)) return Number(name);
  const failed = (why: string) => new Error(`can't find ${number} for ${what} ${name}: ${why}`);
  if (!(await statIn(root, file))) throw failed(`open ${file}: no such file or directory`);
  for (const line of text(await root.read(file)).split("\n")) {
    const fields = line.trim().split(":");
    if (fields[0] === name && name !== "" && /^\d+$/.test(fields[2] ?? "")) return Number(fields[2]);
  }
  throw failed(`no such ${what}: ${name}`);
}
