import { sys } from "../kernel/syscalls.ts";
import { readAccounts } from "./accounts.ts";
import type { UserProgram } from "./user-program.ts";

export const id: UserProgram = {
  names: ["id"],
  usage: "[-ugGnr] [USER]",
  summary: "Print information about USER or the current user",
  *main(io) {
    const options = yield* io.options({
      short: "ugGnrz",
      long: { user: "u", group: "g", groups: "G", name: "n", real: "r" },
    });
    const accounts = yield* readAccounts();
    const name = options.operands[0];
    let uid: number;
    let gid: number;
    let groups: number[];
    if (name === undefined) {
      const me = yield* sys.getuid();
      uid = options.has("r") ? me.uid : me.euid;
      gid = options.has("r") ? me.gid : me.egid;
      groups = me.groups.length > 0 ? me.groups : [gid];
    } else {
      const user = accounts.user(name) ?? accounts.users.find((each) => String(each.uid) === name);
      if (!user) return yield* io.fail(io.busybox ? `unknown user ${name}` : `‘${name}’: no such user`);
      ({ uid, gid } = user);
      groups = [
        gid,
        ...accounts.groups
          .filter((group) => group.members.includes(user.name) && group.gid !== user.gid)
          .map((group) => group.gid),
      ];
    }
    if (!groups.includes(gid)) groups = [gid, ...groups];
    const names = options.has("n");
    if (options.has("u")) yield* io.print(`${names ? accounts.userName(uid) : uid}\n`);
    else if (options.has("g")) yield* io.print(`${names ? accounts.groupName(gid) : gid}\n`);
    else if (options.has("G"))
      yield* io.print(groups.map((each) => (names ? accounts.groupName(each) : each)).join(" ") + "\n");
    else {
      const user = accounts.users.find((each) => each.uid === uid);
      const group = (each: number) => {
        const known = accounts.groups.find((other) => other.gid === each);
        return known ? `${each}(${known.name})` : String(each);
      };
      yield* io.print(
        `uid=${uid}${user ? `(${user.name})` : ""} gid=${group(gid)} groups=${groups.map(group).join(",")}\n`,
      );
    }
    return 0;
  },
};

export const whoami: UserProgram = {
  names: ["whoami"],
  usage: "",
  summary: "Print the user name associated with the current effective user id",
  *main(io) {
    const { euid } = yield* sys.getuid();
    const user = (yield* readAccounts()).users.find((each) => each.uid === euid);
    if (!user)
      return yield* io.fail(io.busybox ? `unknown uid ${euid}` : `cannot find name for user ID ${euid}`);
    yield* io.print(user.name + "\n");
    return 0;
  },
};

export const groups: UserProgram = {
  names: ["groups"],
  usage: "[USER]",
  summary: "Print the groups USER is in",
  *main(io) {
    const accounts = yield* readAccounts();
    const me = yield* sys.getuid();
    const name = io.args[0];
    const user = name === undefined ? undefined : accounts.user(name);
    if (name !== undefined && !user)
      return yield* io.fail(io.busybox ? `unknown user ${name}` : `‘${name}’: no such user`);
    const all = user
      ? [
          user.gid,
          ...accounts.groups.filter((group) => group.members.includes(user.name)).map((group) => group.gid),
        ]
      : [me.egid, ...me.groups.filter((gid) => gid !== me.egid)];
    const list = [...new Set(all)].map((gid) => accounts.groupName(gid)).join(" ");
    yield* io.print((name === undefined || io.busybox ? list : `${name} : ${list}`) + "\n");
    return 0;
  },
};
