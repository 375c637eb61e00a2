import { Errno } from "../../../files/filesystem.ts";
import { O } from "../calls.ts";
import type { Kernel } from "../kernel.ts";
import { pathOf } from "../mounts.ts";
import type { Thread } from "../process.ts";
import { TtySlave, type Tty } from "../tty.ts";
import { block, blocked, type Handlers } from "./handler.ts";

function terminal(kernel: Kernel, thread: Thread, fd: number): Tty {
  return kernel.ttyOf(thread.process.descriptors.get(fd));
}

/** Waits (for SIGTTOU to stop the process) when a background process changes its terminal. */
function changesAsForeground(thread: Thread, tty: Tty): boolean {
  const { process } = thread;
  if (process.session.tty !== tty || !tty.foreground || tty.foreground === process.group) return true;
  if (process.blocked.has("SIGTTOU") || process.actions.get("SIGTTOU") === "ignore") return true;
  tty.signals.stopBackground(thread, "SIGTTOU");
  return false;
}

export const terminalCalls: Pick<
  Handlers,
  | "isatty" | "ttyname" | "tcgetattr" | "tcsetattr" | "tcgetpgrp" | "tcsetpgrp" | "setControllingTerminal" | "getWinsize" | "setWinsize" | "openpty"
> /* prettier-ignore */ =
  {
    isatty(_kernel, { process }, fd) {
      return process.descriptors.get(fd) instanceof TtySlave;
    },
    ttyname(kernel, thread, fd) {
      const file = thread.process.descriptors.get(fd);
      const tty = kernel.ttyOf(file);
      return file.location ? pathOf(file.location, thread.process.root) : `/dev/pts/${tty.index}`;
    },
    tcgetattr: (kernel, thread, fd) => ({ ...terminal(kernel, thread, fd).termios }),
    tcsetattr(kernel, thread, fd, change) {
      const tty = terminal(kernel, thread, fd);
      if (!changesAsForeground(thread, tty)) return block(kernel, thread, []);
      tty.line.change(change);
    },
    tcgetpgrp(kernel, thread, fd) {
      const tty = terminal(kernel, thread, fd);
      if (thread.process.session.tty !== tty) throw new Errno("ENOTTY");
      return tty.foreground ? thread.process.pidNamespace.numberOf(tty.foreground.leader) : 0;
    },
    tcsetpgrp(kernel, thread, fd, number) {
      const { process } = thread;
      const tty = terminal(kernel, thread, fd);
      if (process.session.tty !== tty) throw new Errno("ENOTTY");
      if (!changesAsForeground(thread, tty)) return block(kernel, thread, []);
      for (const member of process.pidNamespace.processes.values()) {
        if (
          member.session !== process.session ||
          process.pidNamespace.numberOf(member.group.leader) !== number
        )
          continue;
        tty.foreground = member.group;
        return;
      }
      throw new Errno("EPERM");
    },
    setControllingTerminal(kernel, thread, fd) {
      const { process } = thread;
      const tty = terminal(kernel, thread, fd);
      if (process.session.leader !== process || process.session.tty || tty.session) throw new Errno("EPERM");
      process.session.tty = tty;
      tty.session = process.session;
      tty.foreground = process.group;
    },
    getWinsize: (kernel, thread, fd) => ({ ...terminal(kernel, thread, fd).size }),
    setWinsize(kernel, thread, fd, size) {
      terminal(kernel, thread, fd).resize(size);
      return thread.process.alive ? undefined : blocked;
    },
    openpty(kernel, { process }, size = { columns: 80, rows: 24 }) {
      const master = kernel.devpts.create(size, O.RDWR);
      const location = kernel.devptsLocation(process, master.tty);
      const slave = master.tty.inode.open(O.RDWR, undefined, location);
      return { master: process.descriptors.add(master), slave: process.descriptors.add(slave) };
    },
  };
