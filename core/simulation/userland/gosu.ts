import { sys } from "../kernel/syscalls.ts";
import { Errno } from "../../files/filesystem.ts";
import { strerror } from "../kernel/errno-text.ts";
import { readAccounts } from "./accounts.ts";
import { execute } from "./run-command.ts";
import type { UserProgram } from "./user-program.ts";

/** gosu, by which entrypoints step down from root: it becomes the command, as another user. */
export const gosu: UserProgram = {
  names: ["gosu", "su-exec"],
  flavours: ["gnu"],
  imageOnly: true,
  usage: "user-spec command [args]",
  summary: "Run a command as another user",
  *main(io) {
    const [spec, ...words] = io.args;
    if (spec === undefined || words.length === 0) {
      yield* io.printError(`Usage: ${io.applet} user-spec command [args]\n`);
      return 1;
    }
    const accounts = yield* readAccounts();
    const [userText = "", groupText] = spec.split(":");
    const user = accounts.user(userText);
    const uid = user?.uid ?? (/^\d+$/.test(userText) ? Number(userText) : undefined);
    if (uid === undefined)
      return yield* io.fail(
        `error: failed switching to "${spec}": unable to find user ${userText}: no matching entries in passwd file`,
      );
    const gid =
      groupText === undefined ? (user?.gid ?? 0) : (accounts.group(groupText)?.gid ?? Number(groupText));
    try {
      const groups = user
        ? accounts.groups.filter((group) => group.members.includes(user.name)).map((group) => group.gid)
        : [];
      yield* sys.setgroups([gid, ...groups.filter((each) => each !== gid)]);
      yield* sys.setgid(gid);
      yield* sys.setuid(uid);
    } catch (error) {
      if (!(error instanceof Errno)) throw error;
      return yield* io.fail(`error: failed switching to "${spec}": ${strerror(error.code).toLowerCase()}`);
    }
    const environment = io.process.env.filter((pair) => !pair.startsWith("HOME="));
    const failure = yield* execute(words, [...environment, `HOME=${user?.home ?? "/"}`]);
    return yield* io.fail(
      `error: exec: "${words[0]}": ${failure.code === "ENOENT" ? "executable file not found in $PATH" : strerror(failure.code).toLowerCase()}`,
    );
  },
};
