import { Errno } from "../../../files/filesystem.ts";
import { concat } from "../../../platform/bytes.ts";
import { O, POLL } from "../../kernel/calls.ts";
import { sys } from "../../kernel/syscalls.ts";
import { encodeText } from "../../shell/characters.ts";
import { formatDate } from "../date-format.ts";
import { readRequest } from "../http-server.ts";
import type { HttpServerRequest } from "../http-server.ts";
import type { Steps } from "../user-program.ts";
import { blocks, setting } from "./config.ts";
import type { Directive } from "./config.ts";
import { NginxRequest, chooseServer, reasonOf } from "./server.ts";
import type { NginxAnswer } from "./server.ts";

export interface Listener {
  fd: number;
  port: number;
}

/**
 * Accepts and answers until it is told to end; returns the exit status. The logs are opened before `stepDown`, which
 * gives up root: afterwards they could not be.
 */
export function* runWorker(
  configuration: readonly Directive[],
  listeners: readonly Listener[],
  version: string,
  stepDown: () => Steps<void>,
): Steps<number> {
  const http = blocks(configuration, "http").flatMap((directive) => directive.block!);
  const worker = new Worker(configuration, http, listeners, version);
  yield* worker.openLogs();
  yield* stepDown();
  return yield* worker.run();
}

class Worker {
  readonly #http: readonly Directive[];
  readonly #listeners: readonly Listener[];
  readonly #version: string;
  readonly #errorLog: string;
  readonly #accessLog: string | undefined;
  #connections = new Map<number, { port: number; client: string }>();
  #ending: "now" | "gently" | undefined;
  #served = 0;
  #errorFd: number | undefined;
  #accessFd: number | undefined;

  constructor(
    configuration: readonly Directive[],
    http: readonly Directive[],
    listeners: readonly Listener[],
    version: string,
  ) {
    this.#http = http;
    this.#listeners = listeners;
    this.#version = version;
    this.#errorLog = setting(configuration, "error_log")?.[0] ?? "/var/log/nginx/error.log";
    const access = setting(http, "access_log")?.[0] ?? "/var/log/nginx/access.log";
    this.#accessLog = access === "off" ? undefined : access;
  }

  *openLogs(): Steps<void> {
    this.#errorFd = yield* openLog(this.#errorLog);
    if (this.#accessLog !== undefined) this.#accessFd = yield* openLog(this.#accessLog);
  }

  *run(): Steps<number> {
    for (const signal of ["SIGTERM", "SIGINT"] as const)
      yield* sys.sigaction(signal, { handler: () => void (this.#ending = "now") });
    yield* sys.sigaction("SIGQUIT", { handler: () => void (this.#ending = "gently") });
    yield* sys.sigaction("SIGHUP", "ignore");
    yield* sys.sigaction("SIGPIPE", "ignore");
    while (this.#ending === undefined || (this.#ending === "gently" && this.#connections.size > 0)) {
      const accepting = this.#ending === undefined ? this.#listeners : [];
      const waiting = [...accepting.map(({ fd }) => fd), ...this.#connections.keys()];
      let ready: number[];
      try {
        ready = yield* sys.poll(
          waiting.map((fd) => ({ fd, events: POLL.IN })),
          this.#ending === "gently" ? 100 : undefined,
        );
      } catch (error) {
        if (error instanceof Errno && error.code === "EINTR") continue;
        throw error;
      }
      if (this.#ending === "gently" && ready.every((events) => events === 0)) break;
      for (const [at, fd] of waiting.entries()) {
        if (!ready[at]) continue;
        const listener = accepting.find((each) => each.fd === fd);
        if (listener) yield* this.#accept(listener);
        else yield* this.#serve(fd);
      }
    }
    return 0;
  }

  *#accept(listener: Listener): Steps<void> {
    try {
      // Another worker may have been faster: then this waits for nothing.
      yield* sys.fcntl(listener.fd, { nonblock: true });
      const { fd, peer } = yield* sys.accept(listener.fd);
      this.#connections.set(fd, { port: listener.port, client: "address" in peer ? peer.address : "" });
    } catch (error) {
      if (!(error instanceof Errno)) throw error;
    }
  }

  *#serve(fd: number): Steps<void> {
    const connection = this.#connections.get(fd)!;
    let keep = false;
    try {
      const request = yield* readRequest(fd);
      if (request) keep = yield* this.#answer(fd, request, connection);
    } catch (error) {
      if (!(error instanceof Errno)) throw error;
    }
    if (keep && this.#ending === undefined) return;
    this.#connections.delete(fd);
    yield* sys.close(fd);
  }

  *#answer(
    fd: number,
    request: HttpServerRequest,
    connection: { port: number; client: string },
  ): Steps<boolean> {
    const host = request.headers.get("host") ?? "";
    const server = chooseServer(this.#http, connection.port, host);
    if (!server) return false;
    const number = ++this.#served;
    const name = setting(server.block!, "server_name")?.[0] ?? "";
    const complain = (text: string) =>
      this.#logError(
        `${text}, client: ${connection.client}, server: ${name}, request: "${request.line}", host: "${host}"`,
        number,
      );
    const answer = yield* new NginxRequest(
      this.#http,
      server,
      request,
      connection.client,
      this.#version,
      complain,
    ).answer();
    const keep =
      request.version === "1.1"
        ? request.headers.get("connection")?.toLowerCase() !== "close"
        : request.headers.get("connection")?.toLowerCase() === "keep-alive";
    const now = yield* sys.clock();
    yield* this.#send(fd, request, answer, keep, now);
    yield* this.#logAccess(request, answer, connection.client, now);
    return keep;
  }

  *#send(
    fd: number,
    request: HttpServerRequest,
    answer: NginxAnswer,
    keep: boolean,
    now: bigint,
  ): Steps<void> {
    const type = answer.headers.filter(([name]) => name === "Content-Type");
    const others = answer.headers.filter(([name]) => name !== "Content-Type");
    const length: [string, string][] =
      answer.status === 304 || answer.status === 204 ? [] : [["Content-Length", String(answer.body.length)]];
    const headers: [string, string][] = [
      ["Server", `nginx/${this.#version}`],
      ["Date", formatDate("%a, %d %b %Y %H:%M:%S GMT", now)],
      ...type,
      ...length,
    ];
    headers.push(
      ...others.filter(([name]) => name === "Last-Modified"),
      ["Connection", keep ? "keep-alive" : "close"],
      ...others.filter(([name]) => name !== "Last-Modified"),
    );
    const head = [
      `HTTP/1.1 ${answer.status} ${reasonOf(answer.status)}`,
      ...headers.map(([name, value]) => `${name}: ${value}`),
      "",
      "",
    ].join("\r\n");
    const body = request.method === "HEAD" ? new Uint8Array() : answer.body;
    yield* sys.write(fd, concat([encodeText(head), body]));
  }

  *#logAccess(request: HttpServerRequest, answer: NginxAnswer, client: string, now: bigint): Steps<void> {
    if (this.#accessFd === undefined) return;
    const size = request.method === "HEAD" || answer.status === 304 ? 0 : answer.body.length;
    const header = (name: string) => request.headers.get(name) ?? "-";
    const user = "-";
    const line = `${client} - ${user} [${formatDate("%d/%b/%Y:%H:%M:%S %z", now)}] "${request.line}" ${answer.status} ${size} "${header("referer")}" "${header("user-agent")}" "${header("x-forwarded-for")}"\n`;
    yield* sys.write(this.#accessFd, encodeText(line));
  }

  *#logError(text: string, connection: number): Steps<void> {
    if (this.#errorFd === undefined) return;
    const pid = yield* sys.getpid();
    const line = `${formatDate("%Y/%m/%d %H:%M:%S", yield* sys.clock())} [error] ${pid}#${pid}: *${connection} ${text}\n`;
    yield* sys.write(this.#errorFd, encodeText(line));
  }
}

/** A log that cannot be opened is no reason not to serve. */
function* openLog(path: string): Steps<number | undefined> {
  try {
    return yield* sys.open(path, O.WRONLY | O.CREAT | O.APPEND, 0o644);
  } catch (error) {
    if (error instanceof Errno) return undefined;
    throw error;
  }
}

/** Adds a line to a log that may be one's own standard error. */
export function* appendTo(path: string, line: string): Steps<void> {
  const fd = yield* openLog(path);
  if (fd === undefined) return;
  yield* sys.write(fd, encodeText(line));
  yield* sys.close(fd);
}
