import { Errno } from "../../files/filesystem.ts";
import { bytesContent, contentBytes } from "../../files/content.ts";
import { padding } from "../../archive/entry.ts";
import type { NewTarEntry, TarEntry } from "../../archive/entry.ts";
import { TarError } from "../../archive/headers.ts";
import { parseTar } from "../../archive/read.ts";
import { headerBytes } from "../../archive/write.ts";
import { concat } from "../../platform/bytes.ts";
import { portableCodecs } from "../../platform/portable-codecs.ts";
import { O } from "../kernel/calls.ts";
import type { Stat } from "../kernel/calls.ts";
import { strerror } from "../kernel/errno-text.ts";
import { sys } from "../kernel/syscalls.ts";
import { matchesPattern } from "../shell/pattern.ts";
import { readAccounts } from "./accounts.ts";
import { formatDate } from "./date-format.ts";
import { modeText } from "./file-mode.ts";
import { readAll } from "./head.ts";
import type { Invocation } from "./invocation.ts";
import { splitLines } from "./lines.ts";
import type { Options } from "./options.ts";
import type { Steps, UserProgram } from "./user-program.ts";

export const tar: UserProgram = {
  names: ["tar"],
  usage: "c|x|t [-hvokO] [-f TARFILE] [-C DIR] [-T FILE] [-X FILE] [LONGOPT]... [FILE]...",
  summary: "Create, extract, or list files from a tar file",
  *main(io) {
    // The first argument may go without its dash; its letters then take their values from those that follow.
    const args = oldStyle(io.args);
    const options = yield* io.options(
      {
        short: "cxtruvzjJahf:C:OT:X:kpmoPSwW",
        long: {
          create: "c",
          extract: "x",
          get: "x",
          list: "t",
          append: "r",
          verbose: "v",
          gzip: "z",
          file: "f:",
          directory: "C:",
          "to-stdout": "O",
          "files-from": "T:",
          exclude: "exclude:",
          "exclude-from": "X:",
          "strip-components": "strip:",
          "keep-old-files": "k",
          "preserve-permissions": "p",
          "same-owner": "so",
          "no-same-owner": "o",
          "numeric-owner": "numeric",
          overwrite: "overwrite",
          owner: "owner:",
          group: "group:",
          mtime: "mtime:",
          sort: "sort:",
          transform: "transform:",
          "no-recursion": "nr",
          "auto-compress": "a",
          dereference: "h",
          wildcards: "wildcards",
          "one-file-system": "ofs",
          totals: "totals",
          "absolute-names": "P",
          touch: "m",
        },
      },
      2,
      args,
    );
    const mode = options.last("c", "x", "t", "r");
    if (mode === undefined) {
      if (io.busybox) return yield* io.usage();
      yield* io.complain(
        "You must specify one of the '-Acdtrux', '--delete' or '--test-label' options\nTry 'tar --help' or 'tar --usage' for more information.",
        2,
      );
      return 2;
    }
    return yield* mode === "c" || mode === "r" ? create(io, options) : unpack(io, options, mode === "t");
  },
};

function oldStyle(args: readonly string[]): string[] {
  const [first, ...rest] = args;
  if (first === undefined || first.startsWith("-")) return [...args];
  const result: string[] = [];
  for (const letter of first) {
    result.push(`-${letter}`);
    if ("fCTX".includes(letter) && rest.length > 0) result.push(rest.shift()!);
  }
  return [...result, ...rest];
}

function* create(io: Invocation, options: Options): Steps<number> {
  const file = options.get("f") ?? "-";
  const names = [...options.operands];
  for (const list of options.all("T")) names.push(...splitLines((yield* io.readText(list)) ?? ""));
  if (names.length === 0)
    return yield* io.fail(
      io.busybox
        ? "empty archive"
        : "Cowardly refusing to create an empty archive\nTry 'tar --help' or 'tar --usage' for more information.",
      io.busybox ? 1 : 2,
    );
  // The archive's name is looked up before -C takes effect.
  let fd = 1;
  if (file !== "-") {
    try {
      fd = yield* sys.open(file, O.WRONLY | O.CREAT | O.TRUNC, 0o666);
    } catch (error) {
      if (!(error instanceof Errno)) throw error;
      return yield* io.fail(
        io.busybox
          ? `can't open '${file}': ${strerror(error.code)}`
          : `${file}: Cannot open: ${strerror(error.code)}\ntar: Error is not recoverable: exiting now`,
        io.busybox ? 1 : 2,
      );
    }
  }
  yield* changeDirectory(io, options);
  const packer = new Packer(io, options, fd, file);
  for (const name of names) yield* packer.add(name);
  yield* packer.end();
  if (fd !== 1) yield* sys.close(fd);
  if (io.status !== 0 && !io.busybox)
    yield* io.complain("Exiting with failure status due to previous errors", 2);
  return io.status;
}

class Packer {
  readonly #io: Invocation;
  readonly #options: Options;
  readonly #fd: number;
  readonly #file: string;
  readonly #compressed: boolean;
  #chunks: Uint8Array[] = [];
  #links = new Map<string, string>();
  #size = 0;
  #stripped = false;

  constructor(io: Invocation, options: Options, fd: number, file: string) {
    this.#io = io;
    this.#options = options;
    this.#fd = fd;
    this.#file = file;
    this.#compressed = options.has("z") || (options.has("a") && /\.t?gz$/.test(file));
  }

  *#put(bytes: Uint8Array): Steps<void> {
    this.#size += bytes.length;
    if (this.#compressed) this.#chunks.push(bytes);
    else yield* sys.write(this.#fd, bytes);
  }

  *end(): Steps<void> {
    // Two empty blocks, and filled up to a record of 20.
    yield* this.#put(new Uint8Array(1024));
    if (this.#size % 10240 !== 0) yield* this.#put(new Uint8Array(10240 - (this.#size % 10240)));
    if (this.#compressed) yield* sys.write(this.#fd, portableCodecs.gzip(concat(this.#chunks)));
  }

  *add(path: string): Steps<void> {
    const io = this.#io;
    if (
      this.#options
        .all("exclude")
        .some(
          (pattern) =>
            matchesPattern(pattern, path) ||
            matchesPattern(pattern, path.split("/").at(-1)!) ||
            path.startsWith(pattern + "/"),
        )
    )
      return;
    let stat: Stat;
    try {
      stat = this.#options.has("h") ? yield* sys.stat(path) : yield* sys.lstat(path);
    } catch (error) {
      if (!(error instanceof Errno)) throw error;
      return yield* io.complain(
        io.busybox ? `${path}: ${strerror(error.code)}` : `${path}: Cannot stat: ${strerror(error.code)}`,
        io.busybox ? 1 : 2,
      );
    }
    if (stat.kind === "socket") return;
    let name = path;
    if (name.startsWith("/") && !this.#options.has("P")) {
      if (!this.#stripped)
        yield* io.printError(
          `tar: ${io.busybox ? "removing" : "Removing"} leading ${io.busybox ? "'/'" : "`/'"} from member names\n`,
        );
      this.#stripped = true;
      name = name.replace(/^\/+/, "") || "./";
    }
    if (stat.kind === "directory" && !name.endsWith("/")) name += "/";
    if (this.#options.has("v")) {
      const line = (stat.kind === "directory" && io.busybox ? name : name) + "\n";
      if (this.#file === "-") yield* io.printError(line);
      else yield* io.print(line);
    }
    const inode = `${stat.dev}:${stat.ino}`;
    const known = stat.nlink > 1 && stat.kind === "file" ? this.#links.get(inode) : undefined;
    const accounts = yield* readAccounts();
    const entry: NewTarEntry = {
      name,
      kind: known === undefined ? (stat.kind as NewTarEntry["kind"]) : "hardlink",
      mode: stat.mode,
      uid: stat.uid,
      gid: stat.gid,
      uname: accounts.userName(stat.uid).replace(/^\d+$/, ""),
      gname: accounts.groupName(stat.gid).replace(/^\d+$/, ""),
      mtime: (stat.mtime / 1_000_000_000n) * 1_000_000_000n,
      ...(known !== undefined
        ? { linkname: known }
        : stat.kind === "symlink"
          ? { linkname: yield* sys.readlink(path) }
          : {}),
      ...(stat.rdev ? { devmajor: stat.rdev.major, devminor: stat.rdev.minor } : {}),
    };
    if (stat.kind !== "file" || known !== undefined) {
      yield* this.#put(headerBytes(entry));
      if (stat.kind !== "directory") return;
      const names = (yield* sys.readdir(path)).map((each) => each.name);
      for (const each of names) yield* this.add(path.endsWith("/") ? path + each : `${path}/${each}`);
      return;
    }
    if (stat.nlink > 1) this.#links.set(inode, name);
    yield* this.#addFile(path, entry);
  }

  *#addFile(path: string, entry: NewTarEntry): Steps<void> {
    try {
      const fd = yield* sys.open(path, O.RDONLY);
      const content = yield* readAll(this.#io, fd);
      yield* sys.close(fd);
      yield* this.#put(headerBytes({ ...entry, content: bytesContent(content) }));
      yield* this.#put(content);
      yield* this.#put(new Uint8Array(padding(content.length)));
    } catch (error) {
      if (!(error instanceof Errno)) throw error;
      yield* this.#io.complain(
        this.#io.busybox
          ? `can't open '${path}': ${strerror(error.code)}`
          : `${path}: Cannot open: ${strerror(error.code)}`,
        this.#io.busybox ? 1 : 2,
      );
    }
  }
}

function* changeDirectory(io: Invocation, options: Options): Steps<void> {
  for (const directory of options.all("C")) {
    try {
      yield* sys.chdir(directory);
    } catch (error) {
      if (!(error instanceof Errno)) throw error;
      yield* io.fail(
        io.busybox
          ? `can't change directory to '${directory}': ${strerror(error.code)}`
          : `${directory}: Cannot open: ${strerror(error.code)}\ntar: Error is not recoverable: exiting now`,
        io.busybox ? 1 : 2,
      );
    }
  }
}

function* unpack(io: Invocation, options: Options, list: boolean): Steps<number> {
  const file = options.get("f") ?? "-";
  let bytes: Uint8Array | undefined;
  try {
    const fd = file === "-" ? 0 : yield* sys.open(file, O.RDONLY);
    bytes = yield* readAll(io, fd);
    if (fd !== 0) yield* sys.close(fd);
  } catch (error) {
    if (!(error instanceof Errno)) throw error;
    return yield* io.fail(
      io.busybox
        ? `can't open '${file}': ${strerror(error.code)}`
        : `${file}: Cannot open: ${strerror(error.code)}\ntar: Error is not recoverable: exiting now`,
      io.busybox ? 1 : 2,
    );
  }
  if (bytes[0] === 0x1f && bytes[1] === 0x8b && (options.has("z") || !io.busybox))
    bytes = portableCodecs.gunzip(bytes);
  else if (options.has("z") && bytes.length > 0)
    return yield* io.fail(
      io.busybox
        ? "invalid magic"
        : `gzip: stdin: not in gzip format\ntar: Child returned status 1\ntar: Error is not recoverable: exiting now`,
      io.busybox ? 1 : 2,
    );
  yield* changeDirectory(io, options);
  const wanted = new Set(options.operands.map((name) => name.replace(/\/$/, "")));
  const found = new Set<string>();
  const later: { path: string; entry: TarEntry }[] = [];
  try {
    if (io.busybox && bytes.length < 512) return yield* io.fail("short read");
    for (const entry of parseTar(bytesContent(bytes))) {
      const plain = entry.name.replace(/\/$/, "");
      if (wanted.size > 0) {
        const match = [...wanted].find(
          (name) =>
            plain === name ||
            plain.startsWith(name + "/") ||
            (options.has("wildcards") && matchesPattern(name, plain)),
        );
        if (match === undefined) continue;
        found.add(match);
      }
      if (options.all("exclude").some((pattern) => matchesPattern(pattern, plain))) continue;
      if (list) yield* io.print(options.has("v") ? longLine(io, entry) : entry.name + "\n");
      else yield* extract(io, options, entry, later);
    }
  } catch (error) {
    if (!(error instanceof TarError)) throw error;
    if (io.busybox) return yield* io.fail(bytes.length < 512 ? "short read" : "invalid tar magic");
    yield* io.complain("This does not look like a tar archive", 2);
    return yield* io.fail("Exiting with failure status due to previous errors", 2);
  }
  // Directories get their times and modes when nothing more is put into them.
  for (const { path, entry } of later.reverse()) {
    yield* sys.chmod(path, entry.mode & 0o7777);
    yield* sys.utimes(path, { mtime: entry.mtime, atime: entry.mtime });
  }
  for (const name of wanted) {
    if (found.has(name)) continue;
    yield* io.complain(
      io.busybox ? `${name}: not found in archive` : `${name}: Not found in archive`,
      io.busybox ? 1 : 2,
    );
  }
  if (io.status !== 0 && !io.busybox)
    yield* io.complain("Exiting with failure status due to previous errors", 2);
  return io.status;
}

function longLine(io: Invocation, entry: TarEntry): string {
  const kind = entry.kind === "other" || entry.kind === "hardlink" ? "file" : entry.kind;
  const mode =
    entry.kind === "hardlink" && !io.busybox
      ? "h" + modeText(kind, entry.mode).slice(1)
      : modeText(kind, entry.mode);
  const owner = `${entry.uname || entry.uid}/${entry.gname || entry.gid}`;
  const size = String(entry.content.size);
  const date = formatDate(io.busybox ? "%Y-%m-%d %H:%M:%S" : "%Y-%m-%d %H:%M", entry.mtime);
  const link =
    entry.kind === "symlink"
      ? ` -> ${entry.linkname}`
      : entry.kind === "hardlink"
        ? ` link to ${entry.linkname}`
        : "";
  if (io.busybox) return `${mode} ${owner} ${size.padStart(9)} ${date} ${entry.name}${link}\n`;
  return `${mode} ${owner} ${size.padStart(Math.max(19 - owner.length - 1, 0))} ${date} ${entry.name}${link}\n`;
}

function* extract(
  io: Invocation,
  options: Options,
  entry: TarEntry,
  later: { path: string; entry: TarEntry }[],
): Steps<void> {
  const strip = Number(options.get("strip") ?? 0);
  let path = entry.name.replace(/^\/+/, "");
  if (strip > 0) path = path.split("/").slice(strip).join("/");
  if (path === "" || path.split("/").includes("..")) {
    if (path !== "") yield* io.complain(`${entry.name}: Member name contains '..'`, 2);
    return;
  }
  const bytes = () => contentBytes(entry.content);
  if (options.has("O")) {
    if (entry.kind === "file") yield* io.write(bytes());
    return;
  }
  if (options.has("v")) yield* io.print(entry.name + "\n");
  const target = path.replace(/\/$/, "");
  try {
    yield* makeParents(target);
    if (entry.kind === "directory") {
      if (!(yield* isDirectoryAt(target))) yield* sys.mkdir(target, 0o700);
      if (target !== ".") later.push({ path: target, entry });
    } else {
      yield* removeOld(target);
      if (entry.kind === "symlink") yield* sys.symlink(entry.linkname, target);
      else if (entry.kind === "hardlink") return yield* sys.link(entry.linkname, target);
      else if (entry.kind === "file") {
        const fd = yield* sys.open(target, O.WRONLY | O.CREAT | O.EXCL, entry.mode & 0o777);
        yield* sys.write(fd, bytes());
        yield* sys.close(fd);
      } else if (entry.kind === "other") return;
      else
        yield* sys.mknod(target, entry.kind, entry.mode & 0o777, {
          major: entry.devmajor,
          minor: entry.devminor,
        });
    }
    const root = (yield* sys.getuid()).euid === 0;
    if (root && !options.has("o")) yield* sys.chown(target, entry.uid, entry.gid, true);
    if (entry.kind === "file" && (root || options.has("p"))) yield* sys.chmod(target, entry.mode & 0o7777);
    if (entry.kind !== "directory" && !options.has("m"))
      yield* sys.utimes(target, { mtime: entry.mtime, atime: entry.mtime }, true);
  } catch (error) {
    if (!(error instanceof Errno)) throw error;
    yield* io.complain(
      io.busybox
        ? `can't open '${target}': ${strerror(error.code)}`
        : `${entry.name}: Cannot open: ${strerror(error.code)}`,
      io.busybox ? 1 : 2,
    );
  }
}

function* isDirectoryAt(path: string): Steps<boolean> {
  try {
    return (yield* sys.stat(path)).kind === "directory";
  } catch (error) {
    if (error instanceof Errno) return false;
    throw error;
  }
}

function* makeParents(path: string): Steps<void> {
  for (let slash = path.indexOf("/", 1); slash > 0; slash = path.indexOf("/", slash + 1)) {
    const parent = path.slice(0, slash);
    if (!(yield* isDirectoryAt(parent))) yield* sys.mkdir(parent, 0o777);
  }
}

function* removeOld(path: string): Steps<void> {
  try {
    yield* sys.unlink(path);
  } catch (error) {
    if (!(error instanceof Errno) || error.code !== "ENOENT") throw error;
  }
}
