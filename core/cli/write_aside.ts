import type { Console } from "./console.ts";
import { absolutePath, baseName, directoryOf } from "./paths.ts";

/** A file that is being written beside the one whose place it is to take. */
export interface AsideFile {
  write(bytes: Uint8Array): Promise<void>;
  /** Puts it in its place. */
  keep(): Promise<void>;
  /** Removes it; what was there before stays. */
  drop(): Promise<void>;
}

/** Begins to replace the file at `path`; rejects where that cannot be a regular file. */
export async function writeAside(console: Console, path: string): Promise<AsideFile> {
  const { files } = console;
  const target = absolutePath(console, path);
  const directory = directoryOf(target);
  const parent = await files.stat(directory).catch(() => undefined);
  if (!parent) throw new Error(`invalid output path: stat ${directoryOf(path)}: no such file or directory`);
  if (parent.kind !== "directory")
    throw new Error(`invalid output path: ${directoryOf(path)} is not a directory`);
  const there = await files.lstat(target).catch(() => undefined);
  if (there?.kind === "directory") throw new Error(`cannot write to a directory`);
  if (there && there.kind !== "file") throw new Error("cannot write to a character device file");
  const aside = `${directory === "/" ? "" : directory}/.tmp-${baseName(target)}${console.clock.now() % 1_000_000_000n}`;
  const { sink, closed } = await files.create(aside, 0o600);
  return {
    write: (bytes) => sink.write(bytes),
    keep: async () => {
      sink.close();
      await closed;
      await files.rename(aside, target);
    },
    drop: async () => {
      sink.close();
      await closed.catch(() => {});
      await files.remove(aside);
    },
  };
}
