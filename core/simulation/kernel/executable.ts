import { Errno } from "../../files/filesystem.ts";
import type { FileContent, Inode } from "../../files/filesystem.ts";
import { text } from "../../platform/bytes.ts";
import { isElf, programOf, type ProgramIdentity } from "./elf.ts";
import type { Location } from "./mounts.ts";
import { mayAccess, resolve, type PathContext } from "./paths.ts";
import type { Program, ProgramRegistry } from "./program.ts";

/** What execve finds behind a path. */
export interface Executable {
  program: Program;
  identity: ProgramIdentity;
  /** The program's file; for a script its interpreter's. */
  location: Location;
  /** argv as the program gets it: a script's interpreter and path in front. */
  argv: readonly string[];
  /** For set-user-id: the attributes of the file that runs. */
  mode: number;
  uid: number;
  gid: number;
}

/** Which program each file was found to be; a file that changes is looked at anew. */
export class ExecutableCache {
  #identities = new Map<string, ProgramIdentity | undefined>();

  identify(location: Location): ProgramIdentity | undefined {
    const { ino, mtime, ctime, size } = location.inode.attributes();
    const key = `${location.mount.fileSystem.device}:${ino}:${mtime}:${ctime}:${size}`;
    if (this.#identities.has(key)) return this.#identities.get(key);
    const identity = programOf(contentOf(location.inode, size));
    if (this.#identities.size > 5000) this.#identities.clear();
    this.#identities.set(key, identity);
    return identity;
  }
}

function contentOf(inode: Inode, size: number): FileContent {
  return inode.content?.() ?? { size, read: (offset, length) => inode.read(offset, length) };
}

/** Finds out what running `path` means. ENOENT, EACCES, ENOEXEC ("exec format error": no program, an unknown ELF), ELOOP. */
export function loadExecutable(
  context: PathContext,
  path: string,
  argv: readonly string[],
  ports: { programs: ProgramRegistry; executables: ExecutableCache },
  depth = 0,
): Executable {
  const location = resolve(context, path);
  const { inode } = location;
  if (inode.kind !== "file" || location.mount.flags.noexec) throw new Errno("EACCES");
  mayAccess(inode, context.credentials, 1);
  const head = inode.read(0, 256);
  if (head[0] === 0x23 && head[1] === 0x21) {
    if (depth >= 4) throw new Errno("ELOOP");
    const line = text(head).slice(2).split("\n")[0]!.trim();
    const interpreter = /^\S+/.exec(line)?.[0];
    if (!interpreter) throw new Errno("ENOEXEC");
    const argument = line.slice(interpreter.length).trim();
    const scripted = [interpreter, ...(argument ? [argument] : []), path, ...argv.slice(1)];
    return loadExecutable(context, interpreter, scripted, ports, depth + 1);
  }
  if (!isElf(head)) throw new Errno("ENOEXEC");
  const identity = ports.executables.identify(location);
  const program = identity && ports.programs.get(identity.program);
  if (!program) throw new Errno("ENOEXEC");
  const { mode, uid, gid } = inode.attributes();
  return { program, identity, location, argv, mode, uid, gid };
}
