import { Errno } from "../../files/filesystem.ts";
import { strerror } from "../kernel/errno-text.ts";
import { sys } from "../kernel/syscalls.ts";
import { decodeText } from "../shell/characters.ts";
import { matchesPattern } from "../shell/pattern.ts";
import { readAll } from "./head.ts";
import type { Invocation } from "./invocation.ts";
import { splitLines } from "./lines.ts";
import type { Options } from "./options.ts";
import { RegexError, posixRegex } from "./posix-regex.ts";
import type { Steps, UserProgram } from "./user-program.ts";

export const grep: UserProgram = {
  names: ["grep", "egrep", "fgrep"],
  usage: "[-HhnlLoqvsrRiwFEz] [-m N] [-A|B|C N] { PATTERN | -e PATTERN... | -f FILE... } [FILE]...",
  summary: "Search for PATTERN in FILEs (or stdin)",
  *main(io) {
    const options = yield* io.options(
      {
        short: io.busybox ? "HhnlLoqvsrRiwxFEzycm:A:B:C:e:f:a" : "HhnlLoqvsrRiwxFEGPzycm:A:B:C:e:f:aIbTUZ",
        number: "C",
        long: {
          "with-filename": "H", "no-filename": "h", "line-number": "n", "files-with-matches": "l", "files-without-match": "L",
          "only-matching": "o", quiet: "q", silent: "q", "invert-match": "v", "no-messages": "s", recursive: "r", "ignore-case": "i",
          "word-regexp": "w", "line-regexp": "x", "fixed-strings": "F", "extended-regexp": "E", "perl-regexp": "P", count: "c",
          "max-count": "m:", "after-context": "A:", "before-context": "B:", context: "C:", regexp: "e:", file: "f:", color: "color::",
          colour: "color::", include: "include:", exclude: "exclude:", "exclude-dir": "exclude-dir:", text: "a", "basic-regexp": "G",
          "dereference-recursive": "R",
        }, // prettier-ignore
      },
      2,
    );
    if (io.applet !== "grep" && !io.busybox)
      yield* io.printError(
        `${io.applet}: warning: ${io.applet} is obsolescent; using grep -${io.applet === "egrep" ? "E" : "F"}\n`,
      );
    const operands = [...options.operands];
    const patterns = options.all("e").flatMap((text) => text.split("\n"));
    for (const file of options.all("f")) {
      const text = yield* io.readText(file, 2);
      if (text === undefined) return 2;
      patterns.push(...splitLines(text));
    }
    if (!options.has("e", "f")) {
      const pattern = operands.shift();
      if (pattern === undefined) {
        if (io.busybox) return yield* io.usage(2);
        yield* io.printError(
          `Usage: ${io.name} [OPTION]... PATTERNS [FILE]...\nTry '${io.name} --help' for more information.\n`,
        );
        return 2;
      }
      patterns.push(...pattern.split("\n"));
    }
    const search = new Search(io, options, yield* compile(io, options, patterns), operands.length > 1);
    const recursive = options.has("r", "R");
    if (operands.length === 0) operands.push(recursive ? "." : "-");
    for (const path of operands) {
      yield* search.path(
        path,
        true,
        options.operands.length <= 1 && recursive && path === "." && !io.busybox,
      );
      if (search.matched && options.has("q")) return 0;
    }
    if (search.failed && !(search.matched && options.has("q"))) return 2;
    return search.matched ? 0 : 1;
  },
};

function* compile(io: Invocation, options: Options, patterns: readonly string[]): Steps<RegExp[]> {
  const kind = options.last("F", "E", "G", "P");
  const extended = kind === "E" || (kind === undefined && io.applet === "egrep");
  const fixed = kind === "F" || (kind === undefined && io.applet === "fgrep");
  const whole = options.has("x") ? ("line" as const) : options.has("w") ? ("word" as const) : undefined;
  const result: RegExp[] = [];
  for (const pattern of patterns) {
    const ignoreCase = options.has("i", "y");
    try {
      if (kind === "P") result.push(new RegExp(pattern, ignoreCase ? "giu" : "gu"));
      else
        result.push(
          posixRegex(pattern, { extended, fixed, ignoreCase, global: true, ...(whole ? { whole } : {}) }),
        );
    } catch (error) {
      if (error instanceof RegexError)
        return yield* io.fail(
          io.busybox
            ? `bad regex '${pattern}'`
            : error.message.startsWith("Unmatched [")
              ? "Invalid regular expression"
              : error.message,
          2,
        );
      return yield* io.fail("unrecognized character after (? or (?-", 2);
    }
  }
  return result;
}

const color = {
  match: "\x1b[01;31m\x1b[K",
  file: "\x1b[35m\x1b[K",
  line: "\x1b[32m\x1b[K",
  separator: "\x1b[36m\x1b[K",
  end: "\x1b[m\x1b[K",
};

class Search {
  matched = false;
  failed = false;
  readonly #io: Invocation;
  readonly #options: Options;
  readonly #patterns: RegExp[];
  readonly #names: boolean;
  readonly #before: number;
  readonly #after: number;
  readonly #limit: number;
  #colored: boolean | undefined;
  #printedBefore = false;

  constructor(io: Invocation, options: Options, patterns: RegExp[], several: boolean) {
    this.#io = io;
    this.#options = options;
    this.#patterns = patterns;
    this.#names =
      options.last("H", "h") === "H" ||
      (options.last("H", "h") === undefined && (several || options.has("r", "R")));
    const context = Number(options.get("C") ?? 0);
    this.#before = Number(options.get("B") ?? context);
    this.#after = Number(options.get("A") ?? context);
    this.#limit = Number(options.get("m") ?? Infinity);
  }

  *path(path: string, operand: boolean, bare = false): Steps<void> {
    const options = this.#options;
    if (path !== "-") {
      try {
        const stat = operand || options.has("R") ? yield* sys.stat(path) : yield* sys.lstat(path);
        if (stat.kind === "directory") {
          if (options.has("r", "R")) return yield* this.#directory(path, bare);
          if (!this.#io.busybox) yield* this.#complain(`${path}: Is a directory`, true);
          return;
        }
        if (!operand && stat.kind !== "file") return;
      } catch (error) {
        if (!(error instanceof Errno)) throw error;
        return yield* this.#complain(`${path}: ${strerror(error.code)}`, true);
      }
    }
    let fd: number;
    try {
      fd = path === "-" ? 0 : yield* sys.open(path, 0);
    } catch (error) {
      if (!(error instanceof Errno)) throw error;
      return yield* this.#complain(`${path}: ${strerror(error.code)}`, true);
    }
    const name = path === "-" ? "(standard input)" : path;
    if (path === "-" && !this.#before && !this.#after && !options.has("c", "l", "L", "q", "z"))
      yield* this.#stream(fd, name);
    else yield* this.#text(decodeText(yield* readAll(this.#io, fd)), name);
    if (fd !== 0) yield* sys.close(fd);
  }

  *#complain(text: string, failed: boolean): Steps<void> {
    this.failed ||= failed;
    if (!this.#options.has("s")) yield* this.#io.complain(text, 2);
  }

  *#directory(path: string, bare: boolean): Steps<void> {
    const names = (yield* sys.readdir(path)).map((entry) => entry.name);
    for (const name of names) {
      const below = bare ? name : path.endsWith("/") ? path + name : `${path}/${name}`;
      const { kind } = yield* sys.lstat(below);
      const options = this.#options;
      if (kind === "directory" && options.all("exclude-dir").some((pattern) => matchesPattern(pattern, name)))
        continue;
      if (kind === "file") {
        const include = options.all("include");
        if (include.length > 0 && !include.some((pattern) => matchesPattern(pattern, name))) continue;
        if (options.all("exclude").some((pattern) => matchesPattern(pattern, name))) continue;
      }
      yield* this.path(below, false);
    }
  }

  /** Standard input, line by line as it comes. */
  *#stream(fd: number, name: string): Steps<void> {
    let rest = "";
    let number = 0;
    let count = 0;
    for (let block = yield* this.#io.read(fd); block; block = yield* this.#io.read(fd)) {
      const end = block.lastIndexOf(10) + 1;
      // What is after the last newline waits as bytes of its own text; a character that is cut is joined again.
      const text = rest + decodeText(block.subarray(0, end));
      if (end === 0) {
        rest += decodeText(block);
        continue;
      }
      rest = decodeText(block.subarray(end));
      for (const line of splitLines(text)) {
        number++;
        if (!this.#selects(line)) continue;
        yield* this.#line(line, name, number, ":");
        if (++count >= this.#limit) return;
      }
    }
    if (rest !== "" && this.#selects(rest)) yield* this.#line(rest, name, number + 1, ":");
  }

  #selects(line: string): boolean {
    const found = this.#patterns.some((pattern) => {
      pattern.lastIndex = 0;
      return pattern.test(line);
    });
    const selected = found !== this.#options.has("v");
    if (selected) this.matched = true;
    return selected;
  }

  *#text(text: string, name: string): Steps<void> {
    const options = this.#options;
    const lines = options.has("z") ? text.split("\0") : splitLines(text);
    if (options.has("z") && lines.at(-1) === "") lines.pop();
    const selected: number[] = [];
    for (let at = 0; at < lines.length && selected.length < this.#limit; at++) {
      if (!this.#selects(lines[at]!)) continue;
      selected.push(at);
      if (options.has("q", "l")) break;
    }
    if (options.has("q")) return;
    if (options.has("l")) return selected.length > 0 ? yield* this.#io.print(name + "\n") : undefined;
    if (options.has("L")) return selected.length === 0 ? yield* this.#io.print(name + "\n") : undefined;
    if (options.has("c"))
      return yield* this.#io.print(`${this.#names ? name + ":" : ""}${selected.length}\n`);
    if (
      !options.has("a") &&
      !this.#io.busybox &&
      selected.length > 0 &&
      text.includes("\0") &&
      !options.has("z")
    ) {
      return yield* this.#io.print(`${this.#io.name}: ${name}: binary file matches\n`);
    }
    const chosen = new Set(selected);
    let printed = -1;
    for (const at of selected) {
      const from = Math.max(at - this.#before, printed + 1);
      if ((this.#before > 0 || this.#after > 0) && this.#printedBefore && from > printed + 1)
        yield* this.#io.print("--\n");
      if (from <= printed && chosen.has(at) && at <= printed) continue;
      for (let each = from; each <= Math.min(at + this.#after, lines.length - 1); each++) {
        if (each > at && chosen.has(each)) break;
        yield* this.#line(lines[each]!, name, each + 1, chosen.has(each) ? ":" : "-");
        printed = each;
      }
      this.#printedBefore = true;
    }
  }

  *#line(line: string, name: string, number: number, mark: string): Steps<void> {
    const options = this.#options;
    const colored = (this.#colored ??= yield* this.#wantsColor());
    const separator = colored ? color.separator + mark + color.end : mark;
    let head = this.#names ? (colored ? color.file + name + color.end : name) + separator : "";
    if (options.has("n")) head += (colored ? color.line + number + color.end : number) + separator;
    const end = options.has("z") ? "\0" : "\n";
    if (options.has("o")) {
      if (options.has("v") || mark === "-") return;
      for (const [from, to] of this.#matches(line)) {
        const piece = line.slice(from, to);
        yield* this.#io.print(head + (colored ? color.match + piece + color.end : piece) + end);
      }
      return;
    }
    let shown = line;
    if (colored && !options.has("v") && mark === ":") {
      shown = "";
      let at = 0;
      for (const [from, to] of this.#matches(line)) {
        shown += line.slice(at, from) + color.match + line.slice(from, to) + color.end;
        at = to;
      }
      shown += line.slice(at);
    }
    yield* this.#io.print(head + shown + end);
  }

  /** The places of the matches of a line, none empty, none over another. */
  #matches(line: string): [number, number][] {
    const places: [number, number][] = [];
    for (const pattern of this.#patterns) {
      pattern.lastIndex = 0;
      for (const match of line.matchAll(pattern))
        if (match[0] !== "") places.push([match.index, match.index + match[0].length]);
    }
    places.sort(([a, b], [c, d]) => a - c || d - b);
    return places.filter(([from], at) => at === 0 || places.slice(0, at).every(([, to]) => from >= to));
  }

  *#wantsColor(): Steps<boolean> {
    const wanted = this.#options.get("color");
    if (wanted === undefined || wanted === "never") return false;
    if (wanted === "always") return true;
    try {
      return yield* sys.isatty(1);
    } catch (error) {
      if (error instanceof Errno) return false;
      throw error;
    }
  }
}
