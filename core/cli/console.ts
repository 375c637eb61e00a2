import type { Transport } from "../api/exchange.ts";
import type { ByteSink, ByteSource } from "../platform/bytes.ts";
import type { Clock } from "../platform/clock.ts";

/** The signals that a command line may be sent while it works. */
export type ConsoleSignal =
  "SIGINT" | "SIGTERM" | "SIGHUP" | "SIGQUIT" | "SIGUSR1" | "SIGUSR2" | "SIGCONT" | "SIGWINCH";

/** The terminal behind standard input and output. */
export interface Terminal {
  /** Characters a line holds and lines it shows, now; a "SIGWINCH" tells of a change. */
  size(): { columns: number; rows: number };
  /** Raw: each key arrives as it is typed, unechoed, Ctrl-C included. Returns what puts it back. */
  raw(): () => void;
}

export interface FileInfo {
  kind: "file" | "directory" | "symlink" | "other";
  /** Permission bits with setuid, setgid and sticky: 0o7777. */
  mode: number;
  uid: number;
  gid: number;
  size: number;
  /** Seconds since the epoch. */
  mtime: number;
}

/**
 * The files that a command line can reach: its own machine's, not the engine's. Paths are absolute, with "/".
 * Rejects with a FileError whose message is Go's for the same failure ("open x: no such file or directory").
 */
export interface ConsoleFiles {
  lstat(path: string): Promise<FileInfo>;
  stat(path: string): Promise<FileInfo>;
  readlink(path: string): Promise<string>;
  /** Names in byte order. */
  readdir(path: string): Promise<string[]>;
  open(path: string): Promise<ByteSource>;
  /** Creates or truncates. What is written is there once `closed` is resolved, after `sink.close()`. */
  create(path: string, mode?: number): Promise<{ sink: ByteSink; closed: Promise<void> }>;
  mkdir(path: string, mode?: number): Promise<void>;
  symlink(target: string, path: string): Promise<void>;
  link(existing: string, path: string): Promise<void>;
  rename(from: string, to: string): Promise<void>;
  /** Removes a file or a whole directory; nothing there is no error. */
  remove(path: string): Promise<void>;
  chmod(path: string, mode: number): Promise<void>;
  utimes(path: string, mtime: number): Promise<void>;
}

export class FileError extends Error {
  override name = "FileError";
  /** POSIX: ENOENT, EACCES, EISDIR, ENOTDIR, EEXIST … */
  readonly code: string;
  constructor(code: string, message: string) {
    super(message);
    this.code = code;
  }
}

/** What a docker command line stands on: its files, standard streams, terminal, signals, environment. */
export interface Console {
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Absolute. */
  readonly cwd: string;
  readonly files: ConsoleFiles;
  readonly stdin: ByteSource;
  readonly stdout: ByteSink;
  readonly stderr: ByteSink;
  /** The terminal when that stream is one, else undefined. */
  readonly terminals: { stdin?: Terminal; stdout?: Terminal; stderr?: Terminal };
  readonly clock: Clock;
  /** Like runtime.GOOS and GOARCH of the machine: "linux", "amd64". */
  readonly platform: { os: string; arch: string };
  /** Calls `listener` for each signal until the returned function is called; while anybody listens to a signal it does not kill. */
  onSignal(listener: (signal: ConsoleSignal) => void): () => void;
  /** A way to the engine at `host` ("unix:///var/run/docker.sock", "tcp://127.0.0.1:2375"). Does not connect yet. */
  connect(
    host: string,
    options?: { tls?: { ca?: string; cert?: string; key?: string; verify: boolean } },
  ): Transport;
}
