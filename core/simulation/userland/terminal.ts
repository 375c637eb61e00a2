import { Errno } from "../../files/filesystem.ts";
import { O } from "../kernel/calls.ts";
import { strerror } from "../kernel/errno-text.ts";
import { sys } from "../kernel/syscalls.ts";
import type { UserProgram } from "./user-program.ts";

export const tty: UserProgram = {
  names: ["tty"],
  usage: "",
  summary: "Print file name of stdin's terminal",
  *main(io) {
    const options = yield* io.options({ short: "s", long: { silent: "s", quiet: "s" } });
    try {
      const name = yield* sys.ttyname(0);
      if (!options.has("s")) yield* io.print(name + "\n");
      return 0;
    } catch (error) {
      if (!(error instanceof Errno)) throw error;
      if (!options.has("s")) yield* io.print("not a tty\n");
      return 1;
    }
  },
};

export const clear: UserProgram = {
  names: ["clear", "reset"],
  usage: "",
  summary: "Clear screen",
  *main(io) {
    if (io.applet === "reset") yield* io.print("\x1bc\x1b(B\x1b[m\x1b[J\x1b[?25h");
    else yield* io.print(io.busybox ? "\x1b[H\x1b[J" : "\x1b[H\x1b[2J\x1b[3J");
    return 0;
  },
};

export const stty: UserProgram = {
  names: ["stty"],
  usage: "[-a|g] [-F DEVICE] [SETTING]...",
  summary: "Without arguments, print baud rate, line discipline, and deviations from stty sane",
  *main(io) {
    const args = [...io.args];
    let fd = 0;
    let device = "standard input";
    if (args[0]?.startsWith("-F")) {
      const joined = args.shift()!.slice(2);
      device = joined === "" ? (args.shift() ?? "") : joined;
      try {
        fd = yield* sys.open(device, O.RDWR | O.NONBLOCK);
      } catch (error) {
        if (!(error instanceof Errno)) throw error;
        return yield* io.fail(`${device}: ${strerror(error.code)}`);
      }
    }
    try {
      if (args[0] === "size") {
        const { rows, columns } = yield* sys.getWinsize(fd);
        yield* io.print(`${rows} ${columns}\n`);
        return 0;
      }
      if (args.length === 0 || args[0] === "-a") {
        const { rows, columns } = yield* sys.getWinsize(fd);
        const flags = yield* sys.tcgetattr(fd);
        const show = (on: boolean, name: string) => (on ? "" : "-") + name;
        if (args.length === 0)
          yield* io.print(
            `speed 38400 baud; line = 0;\n${[!flags.echo && "-echo", !flags.canonical && "-icanon", !flags.signals && "-isig"].filter(Boolean).join(" ")}`.trimEnd() +
              "\n",
          );
        else
          yield* io.print(
            `speed 38400 baud; rows ${rows}; columns ${columns}; line = 0;\nintr = ^C; quit = ^\\; erase = ^?; kill = ^U; eof = ^D; susp = ^Z; werase = ^W;\n${show(flags.crToNl, "icrnl")} ${show(flags.flowControl, "ixon")}\n${show(flags.nlToCrNl, "opost")} ${show(flags.nlToCrNl, "onlcr")}\n${show(flags.signals, "isig")} ${show(flags.canonical, "icanon")} ${show(flags.echo, "echo")} ${show(flags.toStop, "tostop")}\n`,
          );
        return 0;
      }
      while (args.length > 0) {
        const word = args.shift()!;
        const on = !word.startsWith("-");
        const names = {
          echo: "echo",
          icanon: "canonical",
          isig: "signals",
          icrnl: "crToNl",
          onlcr: "nlToCrNl",
          opost: "nlToCrNl",
          tostop: "toStop",
          ixon: "flowControl",
        } as const;
        const name = names[word.replace(/^-/, "") as keyof typeof names];
        if (name) yield* sys.tcsetattr(fd, { [name]: on });
        else if (word === "raw" || word === "-cooked")
          yield* sys.tcsetattr(fd, { canonical: false, signals: false, crToNl: false, nlToCrNl: false });
        else if (word === "sane" || word === "cooked" || word === "-raw")
          yield* sys.tcsetattr(fd, {
            canonical: true,
            echo: true,
            signals: true,
            crToNl: true,
            nlToCrNl: true,
          });
        else if (word === "rows" || word === "cols" || word === "columns") {
          const size = yield* sys.getWinsize(fd);
          yield* sys.setWinsize(fd, {
            ...size,
            [word === "rows" ? "rows" : "columns"]: Number(args.shift()),
          });
        } else if (
          !/^(-?(echoe|echok|iutf8|ctlecho|imaxbel|brkint|icrnl|hupcl)|min|time|erase|intr|speed)$/.test(word)
        )
          return yield* io.fail(`invalid argument ${io.busybox ? `'${word}'` : `‘${word}’`}`);
      }
      return 0;
    } catch (error) {
      if (!(error instanceof Errno)) throw error;
      return yield* io.fail(
        io.busybox
          ? `${device}: Inappropriate ioctl for device`
          : `${device === "standard input" ? `'${device}'` : device}: Inappropriate ioctl for device`,
      );
    }
  },
};
