import { O } from "../kernel/calls.ts";
import { sys } from "../kernel/syscalls.ts";
import { encodeText } from "../shell/characters.ts";
import { HttpFailure, connectTo, exchange, parseUrl } from "./http-client.ts";
import type { HttpAnswer, HttpUrl } from "./http-client.ts";
import type { Invocation } from "./invocation.ts";
import type { Options } from "./options.ts";
import { Errno } from "../../files/filesystem.ts";
import type { Steps, UserProgram } from "./user-program.ts";

export const curl: UserProgram = {
  names: ["curl"],
  flavours: ["gnu"],
  usage: "[options...] <url>",
  summary: "Transfer data from or to a server",
  *main(io) {
    const options = yield* io.options(
      {
        short: "sSiIfvLkgGNo:OX:H:d:u:A:e:w:T:m:x:b:F:#4qZ",
        long: {
          silent: "s", "show-error": "S", include: "i", head: "I", fail: "f", verbose: "v", location: "L", insecure: "k", output: "o:",
          "remote-name": "O", request: "X:", header: "H:", data: "d:", "data-raw": "d:", "data-binary": "d:", "data-ascii": "d:", user: "u:",
          "user-agent": "A:", "write-out": "w:", "upload-file": "T:", "max-time": "m:", "connect-timeout": "connect-timeout:", get: "G",
          "no-buffer": "N", "unix-socket": "unix-socket:", retry: "retry:", "retry-connrefused": "rc", "retry-delay": "retry-delay:", compressed: "compressed", ipv4: "4", "progress-bar": "#", http1: "http1", "http1.1": "http1",
        }, // prettier-ignore
      },
      2,
    );
    if (options.operands.length === 0) {
      yield* io.printError(
        "curl: no URL specified!\ncurl: try 'curl --help' or 'curl --manual' for more information\n",
      );
      return 2;
    }
    let status = 0;
    for (const text of options.operands) {
      for (let attempt = Number(options.get("retry") ?? 0); ; attempt--) {
        status = yield* transfer(io, options, text);
        if (status !== 7 || attempt <= 0) break;
        yield* sys.nanosleep(Number(options.get("retry-delay") ?? 1) * 1e9);
      }
    }
    return status;
  },
};

/** Says what went wrong unless told to be silent; the status that goes with it. */
function* failure(io: Invocation, options: Options, status: number, text: string): Steps<number> {
  if (!options.has("s") || options.has("S")) yield* io.printError(`curl: (${status}) ${text}\n`);
  return status;
}

function* transfer(io: Invocation, options: Options, text: string): Steps<number> {
  let url = parseUrl(text);
  if (!url) return yield* failure(io, options, 3, "URL using bad/illegal format or missing URL");
  if (url.scheme !== "http")
    return yield* failure(
      io,
      options,
      url.scheme === "https" ? 35 : 1,
      url.scheme === "https"
        ? "OpenSSL SSL_connect: SSL_ERROR_SYSCALL"
        : `Protocol "${url.scheme}" not supported or disabled in libcurl`,
    );
  const data = options.all("d");
  let body = data.length === 0 || options.has("G") ? undefined : yield* bodyOf(io, data);
  if (options.has("G") && data.length > 0)
    url = { ...url, path: url.path + (url.path.includes("?") ? "&" : "?") + data.join("&") };
  const upload = options.get("T");
  if (upload !== undefined) body = yield* io.readInput(upload);
  const method =
    options.get("X") ?? (options.has("I") ? "HEAD" : upload !== undefined ? "PUT" : body ? "POST" : "GET");
  for (let redirects = 0; ; redirects++) {
    const began = yield* sys.clock("monotonic");
    let answer: HttpAnswer;
    try {
      answer = yield* send(io, options, url, method, body);
    } catch (error) {
      if (!(error instanceof HttpFailure)) throw error;
      const milliseconds = Math.round(Number((yield* sys.clock("monotonic")) - began) / 1e6);
      switch (error.kind) {
        case "resolve":
          return yield* failure(io, options, 6, `Could not resolve host: ${url.host}`);
        case "connect":
          return yield* failure(
            io,
            options,
            7,
            `Failed to connect to ${url.host} port ${url.port} after ${milliseconds} ms: Couldn't connect to server`,
          );
        case "timeout":
          return yield* failure(
            io,
            options,
            28,
            `Failed to connect to ${url.host} port ${url.port} after ${milliseconds} ms: Timeout was reached`,
          );
        case "empty":
          return yield* failure(io, options, 52, "Empty reply from server");
        case "not http":
          return yield* failure(io, options, 1, "Received HTTP/0.9 when not allowed");
      }
    }
    const location = answer.header("location");
    if (options.has("L") && answer.status >= 300 && answer.status < 400 && location !== undefined) {
      if (options.has("i", "I")) yield* io.print(answer.head);
      yield* answer.close();
      if (redirects >= 50) return yield* failure(io, options, 47, "Maximum (50) redirects followed");
      url = /^[a-z]+:/i.test(location) ? parseUrl(location)! : { ...url, path: location };
      continue;
    }
    const status = yield* receive(io, options, url, answer);
    yield* answer.close();
    return status;
  }
}

function* bodyOf(io: Invocation, data: readonly string[]): Steps<Uint8Array> {
  const parts: string[] = [];
  for (const each of data)
    parts.push(each.startsWith("@") ? ((yield* io.readText(each.slice(1))) ?? "") : each);
  return encodeText(parts.join("&"));
}

function* send(
  io: Invocation,
  options: Options,
  url: HttpUrl,
  method: string,
  body: Uint8Array | undefined,
): Steps<HttpAnswer> {
  const verbose = options.has("v");
  const socket = options.get("unix-socket");
  const seconds = options.get("connect-timeout") ?? options.get("m");
  let fd: number;
  if (socket !== undefined) {
    fd = yield* sys.socket("unix", "stream");
    try {
      yield* sys.connect(fd, { family: "unix", path: socket });
    } catch (error) {
      if (error instanceof Errno) throw new HttpFailure("connect", error);
      throw error;
    }
  } else {
    const connection = yield* connectTo(
      url.host,
      url.port,
      seconds === undefined ? undefined : Number(seconds) * 1000,
    );
    fd = connection.fd;
    if (verbose)
      yield* io.printError(
        `*   Trying ${connection.address}:${url.port}...\n* Connected to ${url.host} (${connection.address}) port ${url.port} (#0)\n`,
      );
  }
  const headers: [string, string][] = [["Host", url.host + (url.port === 80 ? "" : `:${url.port}`)]];
  const user = options.get("u") ?? url.user;
  if (user !== undefined) headers.push(["Authorization", `Basic ${base64(encodeText(user))}`]);
  headers.push(
    ["User-Agent", options.get("A") ?? `curl/${io.process.identity.version || "7.88.1"}`],
    ["Accept", "*/*"],
  );
  const own = options
    .all("H")
    .map((line): [string, string] => [
      line.slice(0, line.indexOf(":")),
      line.slice(line.indexOf(":") + 1).trim(),
    ]);
  for (const [name, value] of own) {
    const at = headers.findIndex(([each]) => each.toLowerCase() === name.toLowerCase());
    if (at >= 0) headers.splice(at, 1);
    if (value !== "") headers.push([name, value]);
  }
  if (body) {
    headers.push(["Content-Length", String(body.length)]);
    if (options.has("d") && !own.some(([name]) => name.toLowerCase() === "content-type"))
      headers.push(["Content-Type", "application/x-www-form-urlencoded"]);
  }
  if (verbose)
    yield* io.printError(
      [
        `> ${method} ${url.path} HTTP/1.1`,
        ...headers.map(([name, value]) => `> ${name}: ${value}`),
        "> ",
        "",
      ].join("\n"),
    );
  const answer = yield* exchange(fd, { method, url, headers, ...(body ? { body } : {}) });
  if (verbose)
    yield* io.printError(
      answer.head
        .split(/\r?\n/)
        .slice(0, -1)
        .map((line) => `< ${line}\n`)
        .join(""),
    );
  return answer;
}

function* receive(io: Invocation, options: Options, url: HttpUrl, answer: HttpAnswer): Steps<number> {
  if (options.has("f") && answer.status >= 400)
    return yield* failure(io, options, 22, `The requested URL returned error: ${answer.status}`);
  const target =
    options.get("o") ?? (options.has("O") ? url.path.split("?")[0]!.split("/").at(-1)! : undefined);
  let fd = 1;
  if (target !== undefined && target !== "-") {
    try {
      fd = yield* sys.open(target, O.WRONLY | O.CREAT | O.TRUNC, 0o666);
    } catch (error) {
      if (!(error instanceof Errno)) throw error;
      return yield* failure(io, options, 23, "Failure writing output to destination");
    }
  }
  if (options.has("i", "I")) yield* sys.write(fd, encodeText(answer.head));
  let size = 0;
  for (let block = yield* answer.body(); block; block = yield* answer.body()) {
    yield* sys.write(fd, block);
    size += block.length;
  }
  if (fd !== 1) yield* sys.close(fd);
  const format = options.get("w");
  if (format !== undefined) {
    const values: Record<string, string> = {
      http_code: String(answer.status).padStart(3, "0"),
      response_code: String(answer.status),
      size_download: String(size),
      content_type: answer.header("content-type") ?? "",
      url_effective: `${url.scheme}://${url.host}${url.port === 80 ? "" : `:${url.port}`}${url.path}`,
      http_version: answer.version,
      remote_port: String(url.port),
      time_total: "0.001000",
      num_redirects: "0",
    };
    yield* io.print(
      format
        .replace(/\\n/g, "\n")
        .replace(/\\t/g, "\t")
        .replace(/%\{(\w+)\}/g, (_, name: string) => values[name] ?? ""),
    );
  }
  return 0;
}

const alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

/** Base 64 with padding. */
export function base64(bytes: Uint8Array): string {
  let text = "";
  for (let at = 0; at < bytes.length; at += 3) {
    const word = (bytes[at]! << 16) | ((bytes[at + 1] ?? 0) << 8) | (bytes[at + 2] ?? 0);
    const left = bytes.length - at;
    text +=
      alphabet[word >> 18]! +
      alphabet[(word >> 12) & 63]! +
      (left > 1 ? alphabet[(word >> 6) & 63]! : "=") +
      (left > 2 ? alphabet[word & 63]! : "=");
  }
  return text;
}
