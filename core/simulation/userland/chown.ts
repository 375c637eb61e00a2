import { Errno } from "../../files/filesystem.ts";
import { strerror } from "../kernel/errno-text.ts";
import { sys } from "../kernel/syscalls.ts";
import { readAccounts } from "./accounts.ts";
import type { Accounts } from "./accounts.ts";
import type { Invocation } from "./invocation.ts";
import type { Options } from "./options.ts";
import type { Steps, UserProgram } from "./user-program.ts";

interface Owner {
  uid: number;
  gid: number;
}

export const chown: UserProgram = {
  names: ["chown", "chgrp"],
  usage: "[-Rhcvf] USER[:[GRP]] FILE...",
  summary: "Change the owner and/or group of FILEs to USER and/or GRP",
  *main(io) {
    const options = yield* io.options({
      short: "RhLHPcvf",
      long: {
        recursive: "R",
        "no-dereference": "h",
        reference: "reference:",
        changes: "c",
        verbose: "v",
        quiet: "f",
        silent: "f",
        from: "from:",
      },
    });
    const reference = options.get("reference");
    const [spec, ...rest] = options.operands;
    const paths = reference === undefined ? rest : options.operands;
    if (spec === undefined || paths.length === 0) {
      if (!io.busybox)
        yield* io.complain(spec === undefined ? "missing operand" : `missing operand after ‘${spec}’`);
      return yield* io.usage();
    }
    let owner: Owner;
    if (reference !== undefined) owner = yield* sys.stat(reference);
    else owner = yield* parseOwner(io, yield* readAccounts(), spec);
    for (const path of paths) yield* change(io, options, owner, path);
    return io.status;
  },
};

function* parseOwner(io: Invocation, accounts: Accounts, spec: string): Steps<Owner> {
  const group = io.applet === "chgrp";
  const match = /^([^:]*)(?:(:)(.*))?$/.exec(spec)!;
  const userText = group ? "" : match[1]!;
  const groupText = group ? spec : match[3];
  const invalid = (kind: string, text: string) =>
    io.busybox
      ? `unknown ${kind}${kind === "user" ? "" : ""} ${text}`
      : `invalid ${kind}: ‘${kind === "group" && group ? text : spec}’`;
  let uid = -1;
  let gid = -1;
  if (userText !== "") {
    const user = accounts.user(userText);
    if (user) uid = user.uid;
    else if (/^\d+$/.test(userText)) uid = Number(userText);
    else return yield* io.fail(invalid("user", userText));
    // "user:" is the user's own group.
    if (match[2] && groupText === "" && user) gid = user.gid;
  }
  if (groupText) {
    const known = accounts.group(groupText);
    if (known) gid = known.gid;
    else if (/^\d+$/.test(groupText)) gid = Number(groupText);
    else return yield* io.fail(invalid("group", groupText));
  }
  return { uid, gid };
}

function* change(io: Invocation, options: Options, owner: Owner, path: string): Steps<void> {
  try {
    const { kind } = yield* sys.lstat(path);
    const link = options.has("h") || (options.has("R") && kind === "symlink");
    yield* sys.chown(path, owner.uid, owner.gid, link);
    if (options.has("v"))
      yield* io.print(
        io.busybox
          ? `changed ownership of '${path}' to ${owner.uid}:${owner.gid}\n`
          : `changed ownership of '${path}' to ${owner.uid}:${owner.gid}\n`,
      );
    if (options.has("R") && kind === "directory") {
      for (const { name } of yield* sys.readdir(path))
        yield* change(io, options, owner, path.endsWith("/") ? path + name : `${path}/${name}`);
    }
  } catch (error) {
    if (!(error instanceof Errno)) throw error;
    io.status = 1;
    if (options.has("f")) return;
    const reason = strerror(error.code);
    if (io.busybox) yield* io.complain(`${path}: ${reason}`);
    else
      yield* io.complain(
        error.code === "ENOENT"
          ? `cannot access '${path}': ${reason}`
          : `changing ${io.applet === "chgrp" ? "group" : "ownership"} of '${path}': ${reason}`,
      );
  }
}
