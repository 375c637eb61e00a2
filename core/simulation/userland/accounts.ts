import { Errno } from "../../files/filesystem.ts";
import { readTextFile } from "../kernel/io.ts";
import type { Steps } from "./user-program.ts";

export interface User {
  name: string;
  uid: number;
  gid: number;
  home: string;
  shell: string;
}

export interface Group {
  name: string;
  gid: number;
  members: string[];
}

/** /etc/passwd and /etc/group, as this root directory has them. */
export class Accounts {
  readonly users: User[];
  readonly groups: Group[];

  constructor(users: User[], groups: Group[]) {
    this.users = users;
    this.groups = groups;
  }

  userName(uid: number): string {
    return this.users.find((user) => user.uid === uid)?.name ?? String(uid);
  }

  groupName(gid: number): string {
    return this.groups.find((group) => group.gid === gid)?.name ?? String(gid);
  }

  user(name: string): User | undefined {
    return this.users.find((user) => user.name === name);
  }

  group(name: string): Group | undefined {
    return this.groups.find((group) => group.name === name);
  }
}

export function* readAccounts(): Steps<Accounts> {
  const users = (yield* records("/etc/passwd")).map(([name = "", , uid, gid, , home = "", shell = ""]) => ({
    name,
    uid: Number(uid),
    gid: Number(gid),
    home,
    shell,
  }));
  const groups = (yield* records("/etc/group")).map(([name = "", , gid, members = ""]) => ({
    name,
    gid: Number(gid),
    members: members.split(",").filter(Boolean),
  }));
  return new Accounts(users, groups);
}

function* records(path: string): Steps<string[][]> {
  try {
    return (yield* readTextFile(path))
      .split("\n")
      .filter((line) => line.includes(":"))
      .map((line) => line.split(":"));
  } catch (error) {
    if (error instanceof Errno) return [];
    throw error;
  }
}
