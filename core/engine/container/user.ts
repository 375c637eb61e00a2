import { invalidParameter, systemError } from "../../errors/errors.ts";
import { Errno } from "../../files/filesystem.ts";
import type { RootFs } from "../../files/rootfs.ts";
import { text } from "../../platform/bytes.ts";
import type { ProcessSpec } from "../../tasks/spec.ts";

/** Who a process runs as, and where that one's home is. */
export interface ResolvedUser {
  user: ProcessSpec["user"];
  home: string;
}

interface Account {
  name: string;
  uid: number;
  gid: number;
  home: string;
}

interface Group {
  name: string;
  gid: number;
  members: string[];
}

/**
 * Looks "name", "uid", "name:group" … up in a container's /etc/passwd and /etc/group.
 * Throws "unable to find user x: no matching entries in passwd file" and its kin.
 */
export async function resolveUser(
  root: RootFs,
  spec: string,
  groupAdd: readonly string[] = [],
): Promise<ResolvedUser> {
  const accounts = parseAccounts(await lines(root, "/etc/passwd"));
  const groups = parseGroups(await lines(root, "/etc/group"));
  const [userPart = "", groupPart] = spec.split(":") as [string, string?];
  const user = findUser(accounts, userPart);
  let gid = user.gid;
  let additional: number[] = [];
  if (groupPart !== undefined && groupPart !== "") gid = findGroup(groups, groupPart);
  else if (user.name !== undefined)
    additional = groups.filter(({ members }) => members.includes(user.name!)).map((group) => group.gid);
  for (const added of groupAdd) additional.push(findGroup(groups, added));
  const additionalGids = [...new Set(additional)].filter((other) => other !== gid || groupAdd.length > 0);
  return { user: { uid: user.uid, gid, additionalGids }, home: user.home };
}

const largest = 2147483647;

function number(text: string): number | undefined {
  if (!/^\d+$/.test(text)) return undefined;
  if (Number(text) > largest) throw invalidParameter("uids and gids must be in range 0-2147483647");
  return Number(text);
}

function findUser(
  accounts: readonly Account[],
  wanted: string,
): { uid: number; gid: number; name?: string; home: string } {
  const uid = wanted === "" ? 0 : number(wanted);
  const account =
    accounts.find(({ name }) => wanted !== "" && name === wanted) ?? accounts.find((one) => one.uid === uid);
  if (account) return account;
  if (uid === undefined)
    throw systemError(`unable to find user ${wanted}: no matching entries in passwd file`);
  return { uid, gid: 0, home: "/" };
}

function findGroup(groups: readonly Group[], wanted: string): number {
  const group = groups.find(({ name }) => name === wanted);
  const gid = group?.gid ?? number(wanted);
  if (gid === undefined)
    throw systemError(`unable to find group ${wanted}: no matching entries in group file`);
  return gid;
}

async function lines(root: RootFs, path: string): Promise<string[][]> {
  try {
    return text(await root.read(path, 1 << 20))
      .split("\n")
      .filter((line) => line !== "" && !line.startsWith("#"))
      .map((line) => line.split(":"));
  } catch (error) {
    // An image from scratch has no such files: numbers still work.
    if (error instanceof Errno) return [];
    throw error;
  }
}

function parseAccounts(rows: readonly string[][]): Account[] {
  return rows.map(([name = "", , uid, gid, , home = "/"]) => ({
    name,
    uid: Number(uid),
    gid: Number(gid),
    home: home === "" ? "/" : home,
  }));
}

function parseGroups(rows: readonly string[][]): Group[] {
  return rows.map(([name = "", , gid, members = ""]) => ({
    name,
    gid: Number(gid),
    members: members.split(","),
  }));
}
