import { Errno } from "../../files/filesystem.ts";
import { O } from "../kernel/calls.ts";
import { strerror } from "../kernel/errno-text.ts";
import { sys } from "../kernel/syscalls.ts";
import { encodeText } from "../shell/characters.ts";
import { HttpFailure, connectTo, exchange, parseUrl } from "./http-client.ts";
import type { HttpAnswer, HttpUrl } from "./http-client.ts";
import type { Invocation } from "./invocation.ts";
import type { Options } from "./options.ts";
import { resolveName } from "./resolver.ts";
import type { Steps, UserProgram } from "./user-program.ts";

export const wget: UserProgram = {
  names: ["wget"],
  usage:
    "[-cqS] [--spider] [-O FILE] [-o LOGFILE] [--header STR] [--post-data STR] [-Y on/off] [-P DIR] [-U AGENT] [-T SEC] URL...",
  summary: "Retrieve files via HTTP or FTP",
  *main(io) {
    const options = yield* io.options({
      short: "cqSO:o:P:U:T:Y:t:nv",
      long: {
        spider: "spider",
        quiet: "q",
        "output-document": "O:",
        "output-file": "o:",
        header: "header:",
        "post-data": "post-data:",
        "post-file": "post-file:",
        "user-agent": "U:",
        timeout: "T:",
        tries: "t:",
        "no-check-certificate": "no-check-certificate",
        "server-response": "S",
        "directory-prefix": "P:",
        continue: "c",
        "no-verbose": "no-verbose",
      },
    });
    if (options.operands.length === 0) {
      if (io.busybox) return yield* io.usage();
      yield* io.printError(
        "wget: missing URL\nUsage: wget [OPTION]... [URL]...\n\nTry `wget --help' for more options.\n",
      );
      return 1;
    }
    for (const text of options.operands) yield* download(io, options, text);
    return io.status;
  },
};

function* download(io: Invocation, options: Options, text: string): Steps<void> {
  let url = parseUrl(text);
  for (let redirects = 0; url; redirects++) {
    if (redirects > 9) return yield* io.complain("too many redirections");
    if (url.scheme !== "http" && url.scheme !== "https")
      return yield* io.fail(`not an http or ftp url: ${text}`);
    const answer = yield* fetch(io, options, url);
    if (!answer) return;
    const location = answer.header("location");
    if (answer.status >= 300 && answer.status < 400 && location !== undefined) {
      yield* answer.close();
      url = /^[a-z]+:/i.test(location) ? parseUrl(location) : { ...url, path: location };
      continue;
    }
    if (answer.status >= 400) {
      yield* answer.close();
      if (io.busybox)
        return yield* io.fail(
          `server returned error: HTTP/${answer.version} ${answer.status} ${answer.reason}`,
        );
      return yield* io.complain(
        `server returned error: HTTP/${answer.version} ${answer.status} ${answer.reason}`,
        8,
      );
    }
    if (options.has("spider")) {
      if (!options.has("q")) yield* io.printError("remote file exists\n");
      return yield* answer.close();
    }
    yield* save(io, options, url, answer);
    return yield* answer.close();
  }
  yield* io.fail(`bad address '${text}'`);
}

function* fetch(io: Invocation, options: Options, url: HttpUrl): Steps<HttpAnswer | undefined> {
  const quiet = options.has("q");
  const shownPort = url.port === 80 ? "" : `:${url.port}`;
  try {
    const { fd, address } = yield* connectTo(
      url.host,
      url.port,
      options.get("T") === undefined ? undefined : Number(options.get("T")) * 1000,
    );
    if (!quiet)
      yield* io.printError(
        `Connecting to ${url.host}${url.port === 80 ? "" : shownPort} (${address}:${url.port})\n`,
      );
    const data = options.get("post-data");
    const headers: [string, string][] = [
      ["Host", url.host + shownPort],
      ["User-Agent", options.get("U") ?? "Wget"],
      ["Connection", "close"],
    ];
    for (const line of options.all("header"))
      headers.push([line.slice(0, line.indexOf(":")), line.slice(line.indexOf(":") + 1).trim()]);
    const body = data === undefined ? undefined : encodeText(data);
    if (body)
      headers.push(
        ["Content-Type", "application/x-www-form-urlencoded"],
        ["Content-Length", String(body.length)],
      );
    const answer = yield* exchange(fd, {
      method: body ? "POST" : options.has("spider") ? "HEAD" : "GET",
      url,
      headers,
      ...(body ? { body } : {}),
    });
    if (options.has("S"))
      yield* io.printError(
        answer.head
          .trimEnd()
          .split("\n")
          .map((line) => `  ${line.trimEnd()}\n`)
          .join(""),
      );
    return answer;
  } catch (error) {
    if (!(error instanceof HttpFailure)) throw error;
    const status = io.busybox ? 1 : 4;
    if (error.kind === "resolve")
      yield* io.complain(
        io.busybox ? `bad address '${url.host}${shownPort}'` : `unable to resolve host address ‘${url.host}’`,
        status,
      );
    else if (error.kind === "timeout") yield* io.complain("download timed out", status);
    else if (error.errno)
      yield* io.complain(
        `can't connect to remote host (${url.host}): ${strerror(error.errno.code)}`.replace(
          `(${url.host})`,
          `(${(yield* addressOf(url.host)) ?? url.host})`,
        ),
        status,
      );
    else yield* io.complain("error getting response", status);
    return undefined;
  }
}

function* addressOf(host: string): Steps<string | undefined> {
  return (yield* resolveName(host))[0];
}

function* save(io: Invocation, options: Options, url: HttpUrl, answer: HttpAnswer): Steps<void> {
  const name = url.path.split("?")[0]!.split("/").at(-1) || "index.html";
  const prefix = options.get("P");
  const target = options.get("O") ?? (prefix === undefined ? name : `${prefix}/${name}`);
  const quiet = options.has("q");
  let fd = 1;
  if (target !== "-") {
    try {
      fd = yield* sys.open(
        target,
        O.WRONLY | O.CREAT | (options.get("O") === undefined && io.busybox ? O.EXCL : O.TRUNC),
        0o666,
      );
    } catch (error) {
      if (!(error instanceof Errno)) throw error;
      yield* io.fail(`can't open '${target}': ${strerror(error.code)}`);
    }
    if (!quiet) yield* io.printError(`saving to '${target}'\n`);
  } else if (!quiet) yield* io.printError(`writing to stdout\n`);
  let size = 0;
  for (let block = yield* answer.body(); block; block = yield* answer.body()) {
    yield* sys.write(fd, block);
    size += block.length;
  }
  if (!quiet) {
    const bar = `${(target === "-" ? "-" : name).slice(0, 20).padEnd(20)} 100% |${"*".repeat(32)}| ${String(size).padStart(5)}  0:00:00 ETA\n`;
    yield* io.printError(bar + (target === "-" ? "written to stdout\n" : `'${target}' saved\n`));
  }
  if (fd !== 1) yield* sys.close(fd);
}
