import { Errno } from "../../files/filesystem.ts";
import { O } from "../kernel/calls.ts";
import { strerror } from "../kernel/errno-text.ts";
import { writeFile } from "../kernel/io.ts";
import { sys } from "../kernel/syscalls.ts";
import { decodeText, encodeText } from "../shell/characters.ts";
import type { Invocation } from "./invocation.ts";
import { LineReader } from "./lines.ts";
import type { Options } from "./options.ts";
import { RegexError } from "./posix-regex.ts";
import { SedError, parseSedScript } from "./sed-script.ts";
import type { SedAddress, SedCommand, SedPiece } from "./sed-script.ts";
import type { Steps, UserProgram } from "./user-program.ts";

export const sed: UserProgram = {
  names: ["sed"],
  usage: "[-i[SFX]] [-nrE] [-f FILE]... [-e CMD]... [FILE]...\nor: sed [-i[SFX]] [-nrE] CMD [FILE]...",
  summary: "Edit FILEs (or stdin) by the commands of a script",
  *main(io) {
    const options = yield* io.options({
      short: "nrEe:f:i::suz",
      long: {
        quiet: "n",
        silent: "n",
        expression: "e:",
        file: "f:",
        "in-place": "i::",
        "regexp-extended": "E",
        separate: "s",
        unbuffered: "u",
        "null-data": "z",
        posix: "posix",
        debug: "debug",
      },
    });
    const operands = [...options.operands];
    const scripts: string[] = [];
    for (const { key, value } of options.list) {
      if (key === "e") scripts.push(value);
      else if (key === "f") scripts.push(((yield* io.readText(value)) ?? "").replace(/\n$/, ""));
    }
    if (!options.has("e", "f")) {
      const script = operands.shift();
      if (script === undefined) {
        if (io.busybox) return yield* io.usage();
        yield* io.printError(
          `Usage: ${io.name} [OPTION]... {script-only-if-no-other-script} [input-file]...\n\nTry '${io.name} --help' for more information.\n`,
        );
        return 1;
      }
      scripts.push(script);
    }
    let commands: SedCommand[];
    try {
      commands = parseSedScript(scripts.join("\n"), options.has("r", "E"));
    } catch (error) {
      if (error instanceof SedError)
        return yield* io.fail(
          io.busybox ? busyboxWords(error) : `-e expression #1, char ${error.at}: ${error.message}`,
        );
      if (error instanceof RegexError)
        return yield* io.fail(
          io.busybox
            ? `bad regex '': ${error.message}`
            : `-e expression #1, char ${scripts.join("\n").length}: ${error.message}`,
        );
      throw error;
    }
    const labels = new Map(
      commands.flatMap((command, at) => (command.letter === ":" ? [[command.text, at] as const] : [])),
    );
    for (const { letter, text } of commands) {
      if ("btT".includes(letter) && text !== "" && !labels.has(text))
        return yield* io.fail(
          io.busybox
            ? `can't find label for jump to '${text}'`
            : `-e expression #1, char ${scripts.join("\n").length}: can't find label for jump to \`${text}'`,
        );
    }
    if (operands.length === 0) operands.push("-");
    const editor = new Editor(io, options, commands, labels);
    if (!options.has("i") && !options.has("s")) {
      yield* editor.edit(operands);
      return editor.exitStatus ?? io.status;
    }
    for (const path of operands) {
      if (editor.exitStatus !== undefined) break;
      if (!options.has("i")) yield* editor.edit([path]);
      else if (yield* editable(io, path)) {
        const stat = yield* sys.stat(path);
        editor.collected = [];
        yield* editor.edit([path]);
        const suffix = options.get("i")!;
        if (suffix !== "")
          yield* sys.rename(path, suffix.includes("*") ? suffix.replace("*", path) : path + suffix);
        yield* replaceFile(path, encodeText(editor.collected.join("")), stat.mode);
        editor.collected = undefined;
      }
    }
    return editor.exitStatus ?? io.status;
  },
};

/** In-place editing writes a new file and renames it over the old one, as sed does. */
function* replaceFile(path: string, content: Uint8Array, mode: number): Steps<void> {
  const temporary = path.replace(
    /[^/]*$/,
    "sedXXXXXX".replace("XXXXXX", String(yield* sys.getpid()).padStart(6, "0")),
  );
  yield* writeFile(temporary, content, 0o600);
  yield* sys.chmod(temporary, mode);
  yield* sys.rename(temporary, path);
}

function* editable(io: Invocation, path: string): Steps<boolean> {
  try {
    const { kind } = yield* sys.stat(path);
    if (kind === "file") return true;
    yield* io.complain(
      io.busybox ? `can't open '${path}': ${kind}` : `couldn't edit ${path}: not a regular file`,
      4,
    );
  } catch (error) {
    if (!(error instanceof Errno)) throw error;
    yield* io.complain(
      io.busybox ? `${path}: ${strerror(error.code)}` : `can't read ${path}: ${strerror(error.code)}`,
      io.busybox ? 1 : 2,
    );
  }
  return false;
}

function busyboxWords(error: SedError): string {
  if (error.message.startsWith("unterminated")) return "unmatched '/'";
  const unknown = /^unknown command: `(.*)'$/.exec(error.message);
  if (unknown) return `unsupported command ${unknown[1]}`;
  if (error.message.startsWith("unknown option")) return "unknown option to s///";
  if (error.message.startsWith("unmatched")) return "unmatched '{'";
  return error.message;
}

/** Runs a script over files that follow one another. */
class Editor {
  /** Where output goes when a file is edited in place. */
  collected: string[] | undefined;
  exitStatus: number | undefined;
  readonly #io: Invocation;
  readonly #quiet: boolean;
  readonly #commands: SedCommand[];
  readonly #labels: ReadonlyMap<string, number>;
  readonly #end: string;
  #space = "";
  #hold = "";
  #line = 0;
  #substituted = false;
  #lastRegex: RegExp | undefined;
  /** What `a` and `r` put after the line. */
  #appended: { text?: string; file?: string }[] = [];
  #files = new Map<string, number>();
  #unterminated = false;
  #input!: Input;

  constructor(io: Invocation, options: Options, commands: SedCommand[], labels: ReadonlyMap<string, number>) {
    this.#io = io;
    this.#quiet = options.has("n") || commands[0]?.letter === "#n";
    this.#commands = commands;
    this.#labels = labels;
    this.#end = options.has("z") ? "\0" : "\n";
  }

  *edit(paths: readonly string[]): Steps<void> {
    this.#line = 0;
    this.#input = new Input(this.#io, paths, this.#end === "\0" ? 0 : 10);
    for (const command of this.#commands) {
      command.active = false;
      for (const file of [command.file, "wW".includes(command.letter) ? command.text : undefined])
        if (file) yield* this.#openOutput(file);
    }
    while (yield* this.#nextLine()) {
      const again = yield* this.#cycle();
      if (!again) break;
    }
    for (const [path, fd] of this.#files) if (!path.startsWith("/dev/std")) yield* sys.close(fd);
    this.#files.clear();
  }

  *#openOutput(path: string): Steps<void> {
    if (this.#files.has(path)) return;
    if (path === "/dev/stdout") this.#files.set(path, 1);
    else if (path === "/dev/stderr") this.#files.set(path, 2);
    else {
      try {
        this.#files.set(path, yield* sys.open(path, O.WRONLY | O.CREAT | O.TRUNC, 0o666));
      } catch (error) {
        if (!(error instanceof Errno)) throw error;
        yield* this.#io.fail(
          this.#io.busybox
            ? `can't open '${path}': ${strerror(error.code)}`
            : `couldn't open file ${path}: ${strerror(error.code)}`,
          this.#io.busybox ? 1 : 4,
        );
      }
    }
  }

  *#nextLine(): Steps<boolean> {
    const line = yield* this.#input.next();
    if (line === undefined) return false;
    this.#space = line;
    this.#line++;
    this.#unterminated = this.#input.unterminated;
    return true;
  }

  *#output(text: string): Steps<void> {
    // The last line of a file that lacks its newline is written without it.
    const line = text + (this.#unterminated && (yield* this.#isLast()) ? "" : this.#end);
    yield* this.#emit(line);
  }

  *#emit(text: string): Steps<void> {
    if (this.collected) this.collected.push(text);
    else yield* this.#io.print(text);
  }

  *#isLast(): Steps<boolean> {
    return yield* this.#input.atEnd();
  }

  *#flushAppended(): Steps<void> {
    for (const { text, file } of this.#appended.splice(0)) {
      if (text !== undefined) yield* this.#emit(text);
      else if (file !== undefined) yield* this.#emit((yield* readIfThere(this.#io, file)) ?? "");
    }
  }

  /** Runs the script on the pattern space; false when sed is to end. */
  *#cycle(): Steps<boolean> {
    this.#substituted = false;
    let restart: boolean;
    do {
      restart = false;
      const result = yield* this.#run();
      if (result === "quit" || result === "quit silently") {
        if (result === "quit" && !this.#quiet) yield* this.#output(this.#space);
        yield* this.#flushAppended();
        return false;
      }
      if (result === "restart") {
        yield* this.#flushAppended();
        restart = true;
        continue;
      }
      if (result !== "delete" && !this.#quiet) yield* this.#output(this.#space);
      yield* this.#flushAppended();
    } while (restart);
    return true;
  }

  *#run(): Steps<"end" | "delete" | "restart" | "quit" | "quit silently"> {
    const commands = this.#commands;
    let steps = 0;
    for (let at = 0; at < commands.length; at++) {
      const command = commands[at]!;
      if (++steps % 1000 === 0) yield* sys.compute(1000);
      if ((yield* this.#selected(command)) === command.negated) {
        if (command.letter === "{") at = command.end! - 1;
        continue;
      }
      switch (command.letter) {
        case "=":
          yield* this.#emit(`${this.#line}\n`);
          break;
        case "a":
          this.#appended.push({ text: command.text });
          break;
        case "i":
          yield* this.#emit(command.text);
          break;
        case "c":
          if (!command.to || !command.active || command.negated) yield* this.#emit(command.text);
          return "delete";
        case "r":
          this.#appended.push({ file: command.text });
          break;
        case "w":
          yield* this.#writeTo(command.text, this.#space + "\n");
          break;
        case "W":
          yield* this.#writeTo(command.text, this.#space.split("\n")[0]! + "\n");
          break;
        case "d":
          return "delete";
        case "D": {
          const end = this.#space.indexOf("\n");
          if (end < 0) return "delete";
          this.#space = this.#space.slice(end + 1);
          return "restart";
        }
        case "g":
          this.#space = this.#hold;
          break;
        case "G":
          this.#space += "\n" + this.#hold;
          break;
        case "h":
          this.#hold = this.#space;
          break;
        case "H":
          this.#hold += "\n" + this.#space;
          break;
        case "x":
          [this.#space, this.#hold] = [this.#hold, this.#space];
          break;
        case "z":
          this.#space = "";
          break;
        case "F":
          yield* this.#emit(this.#input.path + "\n");
          break;
        case "l":
          yield* this.#emit(visible(this.#space, Number(command.text || 70)));
          break;
        case "n":
          if (yield* this.#isLast()) return "quit";
          if (!this.#quiet) yield* this.#output(this.#space);
          yield* this.#flushAppended();
          yield* this.#nextLine();
          break;
        case "N": {
          // Without a next line GNU prints what it has.
          if (yield* this.#isLast()) return "quit";
          yield* this.#flushAppended();
          const before = this.#space;
          yield* this.#nextLine();
          this.#space = before + "\n" + this.#space;
          break;
        }
        case "p":
          yield* this.#output(this.#space);
          break;
        case "P":
          yield* this.#emit(this.#space.split("\n")[0]! + this.#end);
          break;
        case "q":
        case "Q":
          this.exitStatus = Number(command.text || 0);
          return command.letter === "q" ? "quit" : "quit silently";
        case "s":
          yield* this.#substitute(command);
          break;
        case "y":
          this.#space = [...this.#space]
            .map((character) => command.map!.get(character) ?? character)
            .join("");
          break;
        case "b":
        case "t":
        case "T": {
          const jump = command.letter === "b" || this.#substituted === (command.letter === "t");
          if (command.letter !== "b") this.#substituted = false;
          if (jump) {
            if (command.text === "") return "end";
            at = this.#labels.get(command.text)!;
          }
          break;
        }
      }
    }
    return "end";
  }

  *#writeTo(path: string, text: string): Steps<void> {
    const fd = this.#files.get(path)!;
    if (fd === 1) yield* this.#emit(text);
    else yield* sys.write(fd, encodeText(text));
  }

  *#selected(command: SedCommand): Steps<boolean> {
    const { from, to } = command;
    if (!from) return true;
    if (!to) return yield* this.#matches(from);
    if (!command.active) {
      const zero = from.type === "line" && from.line === 0;
      if (!zero || this.#line !== 1 ? !(yield* this.#matches(from)) : false) return false;
      command.active = true;
      if (to.type === "plus") command.until = this.#line + to.count;
      else if (to.type === "multiple")
        command.until = to.of === 0 ? this.#line : Math.ceil(this.#line / to.of) * to.of;
      else if (to.type === "line") command.until = to.line;
      else delete command.until;
      if (command.until !== undefined && command.until <= this.#line) command.active = false;
      if (zero && to.type === "pattern" && (yield* this.#matches(to))) command.active = false;
      return true;
    }
    if (command.until !== undefined) {
      if (this.#line >= command.until) command.active = false;
      return this.#line <= command.until || to.type !== "line";
    }
    if (yield* this.#matches(to)) command.active = false;
    return true;
  }

  *#matches(address: SedAddress): Steps<boolean> {
    switch (address.type) {
      case "line":
        return this.#line === address.line;
      case "last":
        return yield* this.#isLast();
      case "step":
        return address.step <= 0
          ? this.#line === address.first
          : this.#line >= address.first && (this.#line - address.first) % address.step === 0;
      case "pattern": {
        const regex = yield* this.#remember(address.regex);
        regex.lastIndex = 0;
        return regex.test(this.#space);
      }
      default:
        return false;
    }
  }

  *#remember(regex: RegExp | undefined): Steps<RegExp> {
    if (!regex && !this.#lastRegex) yield* this.#io.fail("no previous regular expression");
    return (this.#lastRegex = regex ?? this.#lastRegex!);
  }

  *#substitute(command: SedCommand): Steps<void> {
    const regex = yield* this.#remember(command.regex);
    const wanted = command.nth ?? 1;
    let count = 0;
    let done = false;
    const text = this.#space;
    let result = "";
    let at = 0;
    let previousEnd = -1;
    for (const match of text.matchAll(regex)) {
      // An empty match right after another match is none.
      if (match[0] === "" && match.index === previousEnd) continue;
      previousEnd = match.index + match[0].length;
      count++;
      if (count < wanted || (done && !command.global)) continue;
      result += text.slice(at, match.index) + replace(command.replacement!, match);
      at = match.index + match[0].length;
      done = true;
      if (!command.global) break;
    }
    if (!done) return;
    this.#space = result + text.slice(at);
    this.#substituted = true;
    if (command.print) yield* this.#output(this.#space);
    if (command.file) yield* this.#writeTo(command.file, this.#space + "\n");
  }
}

function replace(pieces: readonly SedPiece[], match: RegExpMatchArray): string {
  let output = "";
  let mode: "U" | "L" | "" = "";
  let once: "u" | "l" | "" = "";
  const add = (text: string) => {
    if (text === "") return;
    let folded = mode === "U" ? text.toUpperCase() : mode === "L" ? text.toLowerCase() : text;
    if (once !== "")
      folded = (once === "u" ? folded[0]!.toUpperCase() : folded[0]!.toLowerCase()) + folded.slice(1);
    once = "";
    output += folded;
  };
  for (const piece of pieces) {
    if (typeof piece === "string") add(piece);
    else if ("group" in piece) add(match[piece.group] ?? "");
    else if (piece.fold === "u" || piece.fold === "l") once = piece.fold;
    else mode = piece.fold === "E" ? "" : piece.fold;
  }
  return output;
}

function visible(text: string, width: number): string {
  const names: Record<string, string> = {
    "\\": "\\\\",
    "\n": "\\n",
    "\t": "\\t",
    "\r": "\\r",
    "\b": "\\b",
    "\f": "\\f",
    "\v": "\\v",
    "\x07": "\\a",
  };
  let line = "";
  let output = "";
  for (const character of text) {
    const shown =
      names[character] ??
      (/[\x20-\x7e]/.test(character)
        ? character
        : [...encodeText(character)].map((byte) => "\\" + byte.toString(8).padStart(3, "0")).join(""));
    if (width > 1 && line.length + shown.length > width - 1) {
      output += line + "\\\n";
      line = "";
    }
    line += shown;
  }
  return output + line + "$\n";
}

function* readIfThere(io: Invocation, path: string): Steps<string | undefined> {
  try {
    const fd = yield* sys.open(path, O.RDONLY);
    let text = "";
    for (let block = yield* io.read(fd); block; block = yield* io.read(fd)) text += decodeText(block);
    yield* sys.close(fd);
    return text;
  } catch (error) {
    if (error instanceof Errno) return undefined;
    throw error;
  }
}

/** The lines of several files, as if they were one. */
class Input {
  unterminated = false;
  path = "-";
  readonly #io: Invocation;
  readonly #paths: string[];
  readonly #separator: number;
  #reader: LineReader | undefined;
  #fd = 0;
  #lines: string[] = [];
  #at = 0;

  constructor(io: Invocation, paths: readonly string[], separator: number) {
    this.#io = io;
    this.#paths = [...paths];
    this.#separator = separator;
  }

  *next(): Steps<string | undefined> {
    if (!(yield* this.#fill())) return undefined;
    const line = this.#lines[this.#at++];
    this.unterminated = this.#reader?.unterminated === true && this.#at === this.#lines.length;
    return line;
  }

  *atEnd(): Steps<boolean> {
    return !(yield* this.#fill());
  }

  /** Makes sure that a line is at hand; false at the end of everything. */
  *#fill(): Steps<boolean> {
    while (this.#at >= this.#lines.length) {
      if (!this.#reader) {
        const path = this.#paths.shift();
        if (path === undefined) return false;
        const fd = yield* this.#open(path);
        if (fd === undefined) continue;
        this.#fd = fd;
        this.path = path;
        this.#reader = new LineReader(this.#io, fd, this.#separator);
      }
      const lines = yield* this.#reader.next();
      if (lines) {
        this.#lines = lines;
        this.#at = 0;
      } else {
        if (this.#fd !== 0) yield* sys.close(this.#fd);
        this.#reader = undefined;
      }
    }
    return true;
  }

  *#open(path: string): Steps<number | undefined> {
    if (path === "-") return 0;
    try {
      const fd = yield* sys.open(path, O.RDONLY);
      if ((yield* sys.fstat(fd)).kind !== "directory") return fd;
      yield* sys.close(fd);
      yield* this.#io.complain(
        this.#io.busybox ? `read error: Is a directory` : `read error on ${path}: Is a directory`,
        this.#io.busybox ? 1 : 2,
      );
    } catch (error) {
      if (!(error instanceof Errno)) throw error;
      yield* this.#io.complain(
        this.#io.busybox ? `${path}: ${strerror(error.code)}` : `can't read ${path}: ${strerror(error.code)}`,
        this.#io.busybox ? 1 : 2,
      );
    }
    return undefined;
  }
}
