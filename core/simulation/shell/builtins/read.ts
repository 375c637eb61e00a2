import { Errno } from "../../../files/filesystem.ts";
import { sys } from "../../kernel/syscalls.ts";
import { decodeText } from "../characters.ts";
import { ShellFailure } from "../flow.ts";
import { runPendingTraps } from "../traps.ts";
import type { Shell, Steps } from "../shell.ts";
import type { Builtin } from "./builtin.ts";

interface ReadOptions {
  raw: boolean;
  prompt: string | undefined;
  /** Bytes to read at most (-n). */
  count: number | undefined;
  /** Milliseconds (-t). */
  timeout: number | undefined;
  delimiter: number;
  silent: boolean;
  fd: number;
}

/** `read [-r] [-p PROMPT] [-n COUNT] [-t SECONDS] [-d DELIMITER] [-s] [-u FD] [NAME…]`. */
export const read: Builtin = {
  *run(shell, words) {
    const { options, names } = parse(shell, words.slice(1));
    if (names.length === 0) {
      if (shell.dialect === "dash") throw new ShellFailure("arg count", 2, "read");
      names.push("REPLY");
    }
    for (const name of names) {
      if (/^[A-Za-z_]\w*$/.test(name)) continue;
      throw new ShellFailure(
        shell.dialect === "bash" ? `\`${name}': not a valid identifier` : `${name}: bad variable name`,
        2,
        "read",
      );
    }
    if (options.prompt && (yield* sys.isatty(options.fd))) yield* shell.print(2, options.prompt);
    const hide = options.silent && (yield* sys.isatty(options.fd));
    if (hide) yield* sys.tcsetattr(options.fd, { echo: false });
    const { bytes, escaped, ended } = yield* readLine(shell, options);
    if (hide) yield* sys.tcsetattr(options.fd, { echo: true });
    assignFields(shell, names, bytes, escaped);
    return ended;
  },
};

function parse(shell: Shell, args: readonly string[]): { options: ReadOptions; names: string[] } {
  const options: ReadOptions = {
    raw: false,
    prompt: undefined,
    count: undefined,
    timeout: undefined,
    delimiter: 10,
    silent: false,
    fd: 0,
  };
  const allowed = shell.dialect === "dash" ? "rp" : "rpntdsuea";
  let at = 0;
  for (; at < args.length && /^-./.test(args[at]!); at++) {
    if (args[at] === "--") {
      at++;
      break;
    }
    const group = args[at]!;
    for (let place = 1; place < group.length; place++) {
      const letter = group[place]!;
      if (!allowed.includes(letter))
        throw new ShellFailure(
          shell.dialect === "bash"
            ? `-${letter}: invalid option`
            : `${shell.dialect === "dash" ? "Illegal" : "illegal"} option -${letter}`,
          2,
          "read",
        );
      if (letter === "r") options.raw = true;
      else if (letter === "s") options.silent = true;
      else if (letter !== "e") {
        const value = group.slice(place + 1) || args[++at] || "";
        if (letter === "p") options.prompt = value;
        else if (letter === "n") options.count = Number(value);
        else if (letter === "t") options.timeout = Number(value) * 1000;
        else if (letter === "d") options.delimiter = value === "" ? 0 : value.charCodeAt(0);
        else if (letter === "u") options.fd = Number(value);
        break;
      }
    }
  }
  return { options, names: args.slice(at) };
}

/** Reads byte by byte, so that what follows the line is left to others. */
function* readLine(
  shell: Shell,
  options: ReadOptions,
): Steps<{ bytes: number[]; escaped: Set<number>; ended: number }> {
  const bytes: number[] = [];
  /** Places in `bytes` of what a backslash quoted. */
  const escaped = new Set<number>();
  let backslash = false;
  for (;;) {
    if (options.timeout !== undefined) {
      const [events = 0] = yield* sys.poll([{ fd: options.fd, events: 1 }], options.timeout);
      if (events === 0) return { bytes, escaped, ended: shell.dialect === "bash" ? 142 : 1 };
    }
    let chunk: Uint8Array;
    try {
      chunk = yield* sys.read(options.fd, 1);
    } catch (error) {
      if (!(error instanceof Errno)) throw error;
      if (error.code !== "EINTR") return { bytes, escaped, ended: shell.dialect === "dash" ? 2 : 1 };
      if (shell.interrupted) return { bytes, escaped, ended: 130 };
      yield* runPendingTraps(shell);
      continue;
    }
    const byte = chunk[0];
    if (byte === undefined) return { bytes, escaped, ended: 1 };
    if (backslash) {
      backslash = false;
      if (byte === 10) continue;
      escaped.add(bytes.length);
    } else if (byte === 92 && !options.raw) {
      backslash = true;
      continue;
    } else if (byte === options.delimiter) return { bytes, escaped, ended: 0 };
    if (byte !== 0) bytes.push(byte);
    if (options.count !== undefined && bytes.length >= options.count) return { bytes, escaped, ended: 0 };
  }
}

function assignFields(
  shell: Shell,
  names: readonly string[],
  bytes: readonly number[],
  escaped: ReadonlySet<number>,
): void {
  const ifs = shell.variables.get("IFS") ?? " \t\n";
  const separates = (at: number) =>
    !escaped.has(at) && bytes[at]! < 128 && ifs.includes(String.fromCharCode(bytes[at]!));
  const blank = (at: number) => separates(at) && " \t\n".includes(String.fromCharCode(bytes[at]!));
  const text = (from: number, to: number) => decodeText(new Uint8Array(bytes.slice(from, to)));
  let at = 0;
  while (at < bytes.length && blank(at)) at++;
  for (const name of names.slice(0, -1)) {
    const from = at;
    while (at < bytes.length && !separates(at)) at++;
    shell.variables.set(name, text(from, at));
    while (at < bytes.length && blank(at)) at++;
    if (at < bytes.length && separates(at)) {
      at++;
      while (at < bytes.length && blank(at)) at++;
    }
  }
  let end = bytes.length;
  while (end > at && blank(end - 1)) end--;
  // One separator that ends the line ends the last field too, if it holds no other.
  if (end > at && separates(end - 1) && !blank(end - 1)) {
    let inner = at;
    while (inner < end - 1 && !separates(inner)) inner++;
    if (inner === end - 1) end--;
  }
  shell.variables.set(names.at(-1)!, text(at, end));
}
