import { padding } from "../../archive/entry.ts";
import { headerBytes } from "../../archive/write.ts";
import { IgnorePatterns } from "../../archive/ignore-patterns.ts";
import { bytePipe } from "../../platform/bytes.ts";
import type { ByteSink, ByteSource } from "../../platform/bytes.ts";
import { gathering } from "./gathering.ts";
import type { Console, FileInfo } from "../console.ts";
import { FileError } from "../console.ts";

interface Member {
  /** From the context's directory. */
  name: string;
  path: string;
  info: FileInfo;
}

/**
 * A directory as the archive that a build sends: everything but what `excludes` leaves out, names in byte order,
 * owned by root. `patterns` are those of .dockerignore alone: what they leave out need not be readable.
 */
export async function packContext(
  console: Console,
  directory: string,
  patterns: string[],
  excludes: string[],
): Promise<ByteSource> {
  const checked = ignorePatterns(patterns, "error checking context: ");
  const members: Member[] = [];
  await collect(console, directory, "", ignorePatterns(excludes, ""), excludes, members);
  for (const member of members) await checkReadable(console, member, checked);
  const pipe = bytePipe();
  send(console, members, pipe.sink).catch((error: Error) => pipe.sink.abort(error));
  return pipe.source;
}

function ignorePatterns(patterns: string[], words: string): IgnorePatterns {
  try {
    return new IgnorePatterns(patterns);
  } catch (error) {
    throw new Error(words + (error as Error).message);
  }
}

async function collect(
  console: Console,
  directory: string,
  prefix: string,
  ignore: IgnorePatterns,
  patterns: readonly string[],
  members: Member[],
): Promise<void> {
  for (const child of await console.files.readdir(directory)) {
    const name = prefix + child;
    const path = `${directory === "/" ? "" : directory}/${child}`;
    const info = await console.files.lstat(path);
    const excluded = ignore.excludes(name);
    if (!excluded) members.push({ name, path, info });
    if (info.kind !== "directory") continue;
    // What is left out may still hold something that a later pattern takes back.
    const takenBack = patterns.some(
      (pattern) => pattern.startsWith("!") && `${pattern.slice(1)}/`.startsWith(`${name}/`),
    );
    if (!excluded || takenBack) await collect(console, path, `${name}/`, ignore, patterns, members);
  }
}

async function checkReadable(
  console: Console,
  { name, path, info }: Member,
  ignore: IgnorePatterns,
): Promise<void> {
  // Whoever may read a file has some right to: the others are worth an attempt.
  if (info.kind !== "file" || (info.mode & 0o444) === 0o444 || ignore.excludes(name)) return;
  try {
    (await console.files.open(path)).cancel();
  } catch (error) {
    if (error instanceof FileError && error.code === "EACCES") {
      throw new Error(`error checking context: no permission to read from '${path}'`);
    }
    throw error;
  }
}

async function send(console: Console, members: readonly Member[], pipe: ByteSink): Promise<void> {
  const sink = gathering(pipe);
  for (const { name, path, info } of members) {
    if (info.kind === "other") continue;
    const linkname = info.kind === "symlink" ? await console.files.readlink(path) : "";
    await sink.write(
      headerBytes({
        name: info.kind === "directory" ? `${name}/` : name,
        kind: info.kind,
        mode: info.mode,
        mtime: BigInt(Math.floor(info.mtime)) * 1_000_000_000n,
        linkname,
        ...(info.kind === "file" ? { content: { size: info.size, read: () => new Uint8Array() } } : {}),
      }),
    );
    if (info.kind === "file") await sendContent(console, path, info.size, sink);
  }
  await sink.write(new Uint8Array(1024));
  await sink.finish();
}

/** The file's bytes: as many as its header says, whatever became of it meanwhile. */
async function sendContent(
  console: Console,
  path: string,
  size: number,
  sink: Pick<ByteSink, "write">,
): Promise<void> {
  const source = await console.files.open(path);
  let left = size;
  while (left > 0) {
    const chunk = await source.read();
    if (!chunk) throw new Error(`archive/tar: missed writing ${left} bytes`);
    await sink.write(chunk.subarray(0, left));
    left -= Math.min(left, chunk.length);
  }
  source.cancel();
  await sink.write(new Uint8Array(padding(size)));
}
