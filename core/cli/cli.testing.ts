import type { ApiRequest, ApiResponse } from "../api/exchange.ts";
import type { ByteDuplex } from "../platform/bytes.ts";
import { concat, readAll, sourceOf, text, utf8 } from "../platform/bytes.ts";
import type { Console, ConsoleSignal, Terminal } from "./console.ts";
import { FileError } from "./console.ts";
import { runDocker } from "./docker.ts";

/** What an engine in a test answers: JSON, or a whole response, by "METHOD /path" without version and query. */
export type Answers = Record<string, (request: SentRequest) => Partial<ApiResponse> | object | undefined>;

export interface SentRequest {
  /** "POST /v1.50/containers/create?name=x". */
  line: string;
  headers: Readonly<Record<string, string>>;
  body: string;
}

export interface Setting {
  answers?: Answers;
  env?: Record<string, string>;
  files?: Record<string, string>;
  stdin?: string;
  terminal?: Terminal;
  /** Given what sends signals to the command. */
  onStart?: (send: (signal: ConsoleSignal) => void) => void;
}

export interface Outcome {
  status: number;
  out: string;
  err: string;
  requests: SentRequest[];
}

/** The moment at which all tests run: 2026-11-21T02:30:00Z. */
const now = 1_795_228_200_000_000_000n;

/** Runs `docker ARGV` on a console without a real file, clock or engine. */
export async function docker(argv: string[], setting: Setting = {}): Promise<Outcome> {
  const out: Uint8Array[] = [];
  const err: Uint8Array[] = [];
  const requests: SentRequest[] = [];
  const sink = (chunks: Uint8Array[]) => ({
    write: (bytes: Uint8Array) => Promise.resolve(void chunks.push(bytes.slice())),
    close: () => {},
    abort: () => {},
  });
  const listeners = new Set<(signal: ConsoleSignal) => void>();
  const console: Console = {
    env: { HOME: "/home/me", ...setting.env },
    cwd: "/work",
    files: filesOf(setting.files ?? {}),
    stdin: sourceOf(utf8(setting.stdin ?? "")),
    stdout: sink(out),
    stderr: sink(err),
    terminals: setting.terminal
      ? { stdin: setting.terminal, stdout: setting.terminal, stderr: setting.terminal }
      : {},
    clock: { now: () => now, sleep: () => Promise.resolve() },
    platform: { os: "linux", arch: "amd64" },
    onSignal: (listener) => {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    connect: () => (request) => answer(request, setting.answers ?? {}, requests),
  };
  const running = runDocker(argv, console);
  setting.onStart?.((signal) => listeners.forEach((listener) => listener(signal)));
  const status = await running;
  return { status, out: text(concat(out)), err: text(concat(err)), requests };
}

async function answer(request: ApiRequest, answers: Answers, requests: SentRequest[]): Promise<ApiResponse> {
  const body = request.body ? text(await readAll(request.body)) : "";
  const sent = { line: `${request.method} ${request.target}`, headers: request.headers, body };
  requests.push(sent);
  const headers = { "api-version": "1.51", ostype: "linux" };
  if (request.target === "/_ping") return { status: 200, headers, body: sourceOf() };
  const path = request.target.replace(/^\/v[\d.]+/, "").replace(/\?.*/, "");
  const given = answers[`${request.method} ${path}`]?.(sent);
  if (given === undefined) return json(404, { message: `No such thing: ${path}` });
  return isResponse(given) ? { status: 200, headers: {}, body: sourceOf(), ...given } : json(200, given);
}

const isResponse = (given: object): given is Partial<ApiResponse> =>
  "status" in given || "body" in given || "connection" in given;

/** An answer of JSON. */
export function json(status: number, value: unknown): ApiResponse {
  return {
    status,
    headers: { "content-type": "application/json" },
    body: sourceOf(utf8(JSON.stringify(value))),
  };
}

/** A hijacked connection that sends `output`; what is written to it is gathered in `input`. */
export function hijacked(output: Uint8Array, input: Uint8Array[] = []): Partial<ApiResponse> {
  const connection: ByteDuplex = {
    source: sourceOf(output),
    sink: { write: (bytes) => Promise.resolve(void input.push(bytes)), close: () => {}, abort: () => {} },
  };
  return { status: 101, connection };
}

/** Files that can be read; everything else is not there. */
function filesOf(files: Record<string, string>): Console["files"] {
  const missing = (operation: string, path: string) =>
    Promise.reject(new FileError("ENOENT", `${operation} ${path}: no such file or directory`));
  const info = (path: string) => {
    const content = files[path];
    if (content === undefined) return missing("stat", path);
    const common = { mode: 0o644, uid: 0, gid: 0, mtime: 0 };
    return Promise.resolve({ kind: "file" as const, size: utf8(content).length, ...common });
  };
  const refuse = () => Promise.reject(new FileError("EROFS", "read-only file system"));
  return {
    lstat: info,
    stat: info,
    readlink: (path) => missing("readlink", path),
    readdir: (path) => missing("open", path),
    open: (path) =>
      files[path] === undefined ? missing("open", path) : Promise.resolve(sourceOf(utf8(files[path]!))),
    create: refuse,
    mkdir: refuse,
    symlink: refuse,
    link: refuse,
    rename: refuse,
    remove: refuse,
    chmod: refuse,
    utimes: refuse,
  };
}
