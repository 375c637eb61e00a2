import { Errno } from "../../files/filesystem.ts";
import { O } from "../kernel/calls.ts";
import { strerror } from "../kernel/errno-text.ts";
import { sys } from "../kernel/syscalls.ts";
import { readRequest, sendAnswer } from "./http-server.ts";
import type { HttpServerRequest } from "./http-server.ts";
import { contentType } from "./media-types.ts";
import { formatDate } from "./date-format.ts";
import type { Steps, UserProgram } from "./user-program.ts";

export const httpd: UserProgram = {
  names: ["httpd"],
  flavours: ["busybox"],
  usage: "[-ifv[v]] [-c CONFFILE] [-p [IP:]PORT] [-u USER[:GRP]] [-r REALM] [-h HOME]",
  summary: "Listen for incoming HTTP requests",
  *main(io) {
    const options = yield* io.options({ short: "ifvc:p:u:r:h:d:e:m:" });
    const [, address = "0.0.0.0", portText = "80"] =
      /^(?:([^:]+):)?(\d+)$/.exec(options.get("p") ?? "80") ?? [];
    const home = options.get("h");
    if (home !== undefined) {
      try {
        yield* sys.chdir(home);
      } catch (error) {
        if (!(error instanceof Errno)) throw error;
        return yield* io.fail(`can't change directory to '${home}': ${strerror(error.code)}`);
      }
    }
    const fd = yield* sys.socket("inet", "stream");
    yield* sys.setsockopt(fd, "SO_REUSEADDR", 1);
    try {
      yield* sys.bind(fd, { family: "inet", address, port: Number(portText) });
    } catch (error) {
      if (!(error instanceof Errno)) throw error;
      return yield* io.fail(`bind: ${strerror(error.code)}`);
    }
    yield* sys.listen(fd, 9);
    const serve = function* (): Steps<number> {
      yield* sys.sigaction("SIGCHLD", "ignore");
      for (;;) {
        const connection = yield* accept(fd);
        if (connection === undefined) continue;
        // Each connection has a process of its own, as in busybox.
        yield* sys.clone(function* () {
          yield* sys.close(fd);
          yield* answer(connection);
          return 0;
        });
        yield* sys.close(connection);
      }
    };
    if (options.has("f")) return yield* serve();
    yield* sys.clone(function* () {
      yield* sys.setsid();
      return yield* serve();
    });
    return 0;
  },
};

function* accept(fd: number): Steps<number | undefined> {
  try {
    return (yield* sys.accept(fd)).fd;
  } catch (error) {
    if (error instanceof Errno && (error.code === "EINTR" || error.code === "ECONNABORTED")) return undefined;
    throw error;
  }
}

function* answer(fd: number): Steps<void> {
  const request = yield* readRequest(fd);
  if (!request) return;
  yield* respond(fd, request);
}

function* respond(fd: number, request: HttpServerRequest): Steps<void> {
  const failed = (status: number, reason: string, text: string) =>
    sendAnswer(
      fd,
      request,
      status,
      reason,
      [
        ["Content-type", "text/html"],
        ["Connection", "close"],
      ],
      `<HTML><HEAD><TITLE>${status} ${reason}</TITLE></HEAD>\n<BODY><H1>${status} ${reason}</H1>\n${text}\n</BODY></HTML>\n`,
    );
  if (request.method !== "GET" && request.method !== "HEAD")
    return yield* failed(501, "Not Implemented", "The requested method is not recognized");
  const path = request.path.split("?")[0]!;
  if (path.split("/").includes("..")) return yield* failed(400, "Bad Request", "Unsupported method");
  let file = "." + decodePath(path);
  if (file.endsWith("/")) file += "index.html";
  try {
    const stat = yield* sys.stat(file);
    if (stat.kind === "directory")
      return yield* sendAnswer(
        fd,
        request,
        302,
        "Found",
        [
          ["Content-type", "text/html"],
          ["Location", path + "/"],
          ["Connection", "close"],
        ],
        "",
      );
    const source = yield* sys.open(file, O.RDONLY);
    const head: [string, string][] = [
      ["Date", formatDate("%a, %d %b %Y %H:%M:%S GMT", yield* sys.clock())],
      ["Connection", "close"],
      ["Content-type", contentType(file)],
      ["Accept-Ranges", "bytes"],
      ["Last-Modified", formatDate("%a, %d %b %Y %H:%M:%S GMT", stat.mtime)],
      ["Content-length", String(stat.size)],
    ];
    yield* sendAnswer(fd, request, 200, "OK", head, "");
    if (request.method === "HEAD") return;
    for (let block = yield* sys.read(source, 65536); block.length > 0; block = yield* sys.read(source, 65536))
      yield* sys.write(fd, block);
  } catch (error) {
    if (!(error instanceof Errno)) throw error;
    if (error.code === "EPIPE" || error.code === "ECONNRESET") return;
    if (error.code === "EACCES") return yield* failed(403, "Forbidden", "");
    yield* failed(404, "Not Found", "The requested URL was not found");
  }
}

/** A path with its %XX undone. */
export function decodePath(path: string): string {
  try {
    return decodeURIComponent(path);
  } catch {
    return path;
  }
}
