import { Errno } from "../../files/filesystem.ts";
import { concat, text, utf8 } from "../../platform/bytes.ts";
import { O, type Syscall } from "./calls.ts";
import { sys } from "./syscalls.ts";

// What nearly every program does with a few system calls.

/** All that is left to read at `fd`. */
export function* readToEnd(fd: number): Generator<Syscall, Uint8Array, any> {
  const chunks: Uint8Array[] = [];
  for (;;) {
    const chunk = yield* sys.read(fd, 65536);
    if (chunk.length === 0) return concat(chunks);
    chunks.push(chunk);
  }
}

export function* readFile(path: string): Generator<Syscall, Uint8Array, any> {
  const fd = yield* sys.open(path, O.RDONLY);
  try {
    return yield* readToEnd(fd);
  } finally {
    yield* sys.close(fd);
  }
}

export function* readTextFile(path: string): Generator<Syscall, string, any> {
  return text(yield* readFile(path));
}

/** Creates or empties the file and writes it. */
export function* writeFile(
  path: string,
  content: Uint8Array | string,
  mode = 0o666,
): Generator<Syscall, void, any> {
  const fd = yield* sys.open(path, O.WRONLY | O.CREAT | O.TRUNC, mode);
  try {
    yield* sys.write(fd, typeof content === "string" ? utf8(content) : content);
  } finally {
    yield* sys.close(fd);
  }
}

/** Writes text as it is. */
export function* print(fd: number, output: string): Generator<Syscall, void, any> {
  yield* sys.write(fd, utf8(output));
}

/** Whether something is there (symbolic links are followed). */
export function* exists(path: string): Generator<Syscall, boolean, any> {
  try {
    yield* sys.stat(path);
    return true;
  } catch (error) {
    if (error instanceof Errno) return false;
    throw error;
  }
}

/** Runs a program and waits for it. */
export function* run(
  path: string,
  argv: readonly string[],
  options: { env?: readonly string[]; fds?: Record<number, number> } = {},
) {
  const pid = yield* sys.spawn(path, { argv, ...options });
  return (yield* sys.waitpid(pid))!;
}
