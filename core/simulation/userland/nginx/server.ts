import { Errno } from "../../../files/filesystem.ts";
import { concat } from "../../../platform/bytes.ts";
import { O } from "../../kernel/calls.ts";
import { strerror } from "../../kernel/errno-text.ts";
import { sys } from "../../kernel/syscalls.ts";
import { encodeText } from "../../shell/characters.ts";
import { formatDate } from "../date-format.ts";
import { HttpFailure, connectTo, exchange, parseUrl } from "../http-client.ts";
import type { HttpServerRequest } from "../http-server.ts";
import { decodePath } from "../httpd.ts";
import { contentType } from "../media-types.ts";
import type { Steps } from "../user-program.ts";
import { blocks, setting } from "./config.ts";
import type { Directive } from "./config.ts";

export interface NginxAnswer {
  status: number;
  headers: [name: string, value: string][];
  body: Uint8Array;
}

const reasons: Record<number, string> = {
  200: "OK", 201: "Created", 204: "No Content", 301: "Moved Permanently", 302: "Moved Temporarily", 304: "Not Modified", 307: "Temporary Redirect",
  400: "Bad Request", 401: "Unauthorized", 403: "Forbidden", 404: "Not Found", 405: "Not Allowed", 500: "Internal Server Error",
  502: "Bad Gateway", 503: "Service Temporarily Unavailable", 504: "Gateway Time-out",
}; // prettier-ignore

export function reasonOf(status: number): string {
  return reasons[status] ?? "";
}

/** Which server block answers: by port and Host, else the first of that port. */
export function chooseServer(http: readonly Directive[], port: number, host: string): Directive | undefined {
  const listening = blocks(http, "server").filter((server) => listenPorts(server).includes(port));
  const name = host.replace(/:\d+$/, "");
  return (
    listening.find((server) => (setting(server.block!, "server_name") ?? []).includes(name)) ?? listening[0]
  );
}

/** The ports that a server block listens on. */
export function listenPorts(server: Directive): number[] {
  const ports = server
    .block!.filter((directive) => directive.name === "listen")
    .map((directive) => Number(/(\d+)$/.exec(directive.args[0] ?? "")?.[1] ?? 80));
  return ports.length > 0 ? [...new Set(ports)] : [80];
}

/** One request on its way through a server's directives. */
export class NginxRequest {
  readonly request: HttpServerRequest;
  readonly client: string;
  readonly version: string;
  readonly #http: readonly Directive[];
  readonly #server: readonly Directive[];
  readonly #complain: (text: string) => Steps<void>;

  constructor(
    http: readonly Directive[],
    server: Directive,
    request: HttpServerRequest,
    client: string,
    version: string,
    complain: (text: string) => Steps<void>,
  ) {
    this.#http = http;
    this.#server = server.block!;
    this.request = request;
    this.client = client;
    this.version = version;
    this.#complain = complain;
  }

  *answer(): Steps<NginxAnswer> {
    const path = decodePath(this.request.path.split("?")[0]!);
    const first = yield* this.#serve(path, 0);
    return first.status >= 400 ? yield* this.#errorPage(first) : first;
  }

  #location(path: string): Directive | undefined {
    const all = blocks(this.#server, "location");
    const exact = all.find(({ args }) => args[0] === "=" && args[1] === path);
    if (exact) return exact;
    const prefixes = all.filter(
      ({ args }) => (args.length === 1 || args[0] === "^~") && path.startsWith(args.at(-1)!),
    );
    const longest = prefixes.sort((left, right) => right.args.at(-1)!.length - left.args.at(-1)!.length)[0];
    if (longest?.args[0] === "^~") return longest;
    const regex = all.find(
      ({ args }) =>
        (args[0] === "~" || args[0] === "~*") && new RegExp(args[1]!, args[0] === "~*" ? "i" : "").test(path),
    );
    return regex ?? longest;
  }

  #setting(location: Directive | undefined, name: string): string[] | undefined {
    return (
      (location && setting(location.block!, name)) ?? setting(this.#server, name) ?? setting(this.#http, name)
    );
  }

  #fill(text: string): string {
    const { request } = this;
    const [path = "", query = ""] = request.path.split("?");
    const variables: Record<string, string> = {
      uri: path, request_uri: request.path, args: query, query_string: query, host: (request.headers.get("host") ?? "").replace(/:\d+$/, ""),
      http_host: request.headers.get("host") ?? "", remote_addr: this.client, scheme: "http", request_method: request.method,
      proxy_add_x_forwarded_for: this.client, is_args: query === "" ? "" : "?", nginx_version: this.version, server_port: "80",
    }; // prettier-ignore
    return text.replace(
      /\$\{?(\w+)\}?/g,
      (_, name: string) =>
        variables[name] ?? request.headers.get(name.replace(/^http_/, "").replace(/_/g, "-")) ?? "",
    );
  }

  *#serve(path: string, depth: number): Steps<NginxAnswer> {
    if (depth > 9) return this.#plain(500);
    const location = this.#location(path);
    const returned = (location && setting(location.block!, "return")) ?? setting(this.#server, "return");
    if (returned) {
      const status = /^\d+$/.test(returned[0]!) ? Number(returned[0]) : 302;
      const text = this.#fill(/^\d+$/.test(returned[0]!) ? (returned[1] ?? "") : returned[0]!);
      if (status >= 300 && status < 400)
        return {
          ...this.#plain(status),
          headers: [
            ["Content-Type", "text/html"],
            ["Location", text],
          ],
        };
      if (returned.length < 2) return this.#plain(status);
      return {
        status,
        headers: [
          ["Content-Type", this.#setting(location, "default_type")?.[0] ?? "text/plain"],
          ...this.#added(location),
        ],
        body: encodeText(text),
      };
    }
    const proxy = location && setting(location.block!, "proxy_pass");
    if (proxy) return yield* this.#proxy(location, proxy[0]!);
    if (this.request.method !== "GET" && this.request.method !== "HEAD") return this.#plain(405);
    return yield* this.#file(location, path, depth);
  }

  *#file(location: Directive | undefined, path: string, depth: number): Steps<NginxAnswer> {
    if (path.split("/").includes("..")) return this.#plain(400);
    const alias = location && setting(location.block!, "alias");
    const root = this.#setting(location, "root")?.[0] ?? "/etc/nginx/html";
    const place = (uri: string) => (alias ? alias[0]! + uri.slice(location.args.at(-1)!.length) : root + uri);
    const tries = this.#setting(location, "try_files");
    if (tries && depth === 0) {
      for (const candidate of tries.slice(0, -1)) {
        const uri = this.#fill(candidate.replace("$uri", path));
        if (yield* isThere(place(uri), uri.endsWith("/"))) return yield* this.#file(location, uri, depth + 1);
      }
      const last = tries.at(-1)!;
      return last.startsWith("=")
        ? this.#plain(Number(last.slice(1)))
        : yield* this.#serve(this.#fill(last.replace("$uri", path)).split("?")[0]!, depth + 1);
    }
    if (path.endsWith("/")) {
      for (const index of this.#setting(location, "index") ?? ["index.html"]) {
        if (yield* isThere(place(path + index), false)) return yield* this.#serve(path + index, depth + 1);
      }
      if (!(yield* isThere(place(path), true))) return yield* this.#missing(place(path));
      if (this.#setting(location, "autoindex")?.[0] === "on") return yield* this.#listing(path, place(path));
      yield* this.#complain(`directory index of "${place(path)}" is forbidden`);
      return this.#plain(403);
    }
    const file = place(path);
    try {
      const stat = yield* sys.stat(file);
      if (stat.kind === "directory") {
        const host = this.request.headers.get("host") ?? "localhost";
        return {
          ...this.#plain(301),
          headers: [
            ["Content-Type", "text/html"],
            ["Location", `http://${host}${path}/`],
          ],
        };
      }
      const etag = `"${(stat.mtime / 1_000_000_000n).toString(16)}-${stat.size.toString(16)}"`;
      const modified = formatDate("%a, %d %b %Y %H:%M:%S GMT", stat.mtime);
      if (
        this.request.headers.get("if-none-match") === etag ||
        this.request.headers.get("if-modified-since") === modified
      ) {
        return {
          status: 304,
          headers: [
            ["Last-Modified", modified],
            ["ETag", etag],
          ],
          body: new Uint8Array(),
        };
      }
      const fd = yield* sys.open(file, O.RDONLY);
      const chunks: Uint8Array[] = [];
      for (let block = yield* sys.read(fd, 1 << 20); block.length > 0; block = yield* sys.read(fd, 1 << 20))
        chunks.push(block);
      yield* sys.close(fd);
      const type = contentType(file, this.#setting(location, "default_type")?.[0] ?? "text/plain");
      return {
        status: 200,
        headers: [
          ["Content-Type", type],
          ["Last-Modified", modified],
          ["ETag", etag],
          ["Accept-Ranges", "bytes"],
          ...this.#added(location),
        ],
        body: concat(chunks),
      };
    } catch (error) {
      if (!(error instanceof Errno)) throw error;
      if (error.code === "EACCES") {
        yield* this.#complain(`open() "${file}" failed (13: Permission denied)`);
        return this.#plain(403);
      }
      return yield* this.#missing(file);
    }
  }

  *#missing(file: string): Steps<NginxAnswer> {
    yield* this.#complain(`open() "${file}" failed (2: No such file or directory)`);
    return this.#plain(404);
  }

  *#listing(path: string, directory: string): Steps<NginxAnswer> {
    let body = `<html>\r\n<head><title>Index of ${path}</title></head>\r\n<body>\r\n<h1>Index of ${path}</h1><hr><pre><a href="../">../</a>\r\n`;
    const entries = (yield* sys.readdir(directory))
      .filter((entry) => !entry.name.startsWith("."))
      .map((entry) => entry.name)
      .sort();
    for (const name of entries) {
      const stat = yield* sys.stat(`${directory}/${name}`);
      const shown = stat.kind === "directory" ? name + "/" : name;
      const size = stat.kind === "directory" ? "-" : String(stat.size);
      body += `<a href="${shown}">${shown}</a>${" ".repeat(Math.max(51 - shown.length, 1))}${formatDate("%d-%b-%Y %H:%M", stat.mtime)}${size.padStart(20)}\r\n`;
    }
    return {
      status: 200,
      headers: [["Content-Type", "text/html"]],
      body: encodeText(body + "</pre><hr></body>\r\n</html>\r\n"),
    };
  }

  *#proxy(location: Directive, target: string): Steps<NginxAnswer> {
    const { request } = this;
    let url = parseUrl(this.#fill(target))!;
    const upstream = blocks(this.#http, "upstream").find(({ args }) => args[0] === url.host);
    if (upstream) {
      const servers = upstream.block!.filter((directive) => directive.name === "server");
      // Round robin, by the moment of the request.
      const turn = Number(((yield* sys.clock()) / 1_000_000n) % BigInt(Math.max(servers.length, 1)));
      const chosen = parseUrl("http://" + (servers[turn]?.args[0] ?? ""));
      if (chosen) url = { ...url, host: chosen.host, port: chosen.port };
    }
    const replaced = /^[a-z]+:\/\/[^/]+\//i.test(target);
    const path = replaced ? url.path + request.path.slice(location.args.at(-1)!.length) : request.path;
    const own = location
      .block!.filter((directive) => directive.name === "proxy_set_header")
      .map(({ args }): [string, string] => [args[0]!, this.#fill(args[1] ?? "")]);
    const headers: [string, string][] = [
      [
        "Host",
        own.find(([name]) => name.toLowerCase() === "host")?.[1] ??
          `${url.host}${url.port === 80 ? "" : `:${url.port}`}`,
      ],
      ["Connection", "close"],
    ];
    for (const [name, value] of request.headers)
      if (!["host", "connection", "content-length"].includes(name)) headers.push([name, value]);
    headers.push(...own.filter(([name]) => name.toLowerCase() !== "host"));
    if (request.body.length > 0) headers.push(["Content-Length", String(request.body.length)]);
    try {
      const { fd } = yield* connectTo(url.host, url.port, 60_000);
      const answer = yield* exchange(fd, {
        method: request.method,
        url: { ...url, path },
        headers,
        ...(request.body.length > 0 ? { body: request.body } : {}),
      });
      const chunks: Uint8Array[] = [];
      for (let block = yield* answer.body(); block; block = yield* answer.body()) chunks.push(block);
      yield* answer.close();
      const passed = answer.headers.filter(
        ([name]) => !/^(connection|transfer-encoding|content-length|date|server|keep-alive)$/i.test(name),
      );
      return { status: answer.status, headers: passed, body: concat(chunks) };
    } catch (error) {
      if (!(error instanceof HttpFailure)) throw error;
      const code = error.errno?.code ?? "ECONNREFUSED";
      if (error.kind === "resolve") yield* this.#complain(`host not found in upstream "${url.host}"`);
      else yield* this.#complain(`connect() failed (111: ${strerror(code)}) while connecting to upstream`);
      return this.#plain(error.kind === "timeout" ? 504 : 502);
    }
  }

  *#errorPage(answer: NginxAnswer): Steps<NginxAnswer> {
    for (const directive of this.#server) {
      if (directive.name !== "error_page" || !directive.args.slice(0, -1).includes(String(answer.status)))
        continue;
      const page = yield* this.#serve(directive.args.at(-1)!, 1);
      if (page.status === 200) return { ...page, status: answer.status };
    }
    return answer;
  }

  #added(location: Directive | undefined): [string, string][] {
    const own = location?.block!.filter((directive) => directive.name === "add_header") ?? [];
    const list = own.length > 0 ? own : this.#server.filter((directive) => directive.name === "add_header");
    return list.map(({ args }) => [args[0]!, this.#fill(args[1] ?? "")]);
  }

  #plain(status: number): NginxAnswer {
    const title = `${status} ${reasonOf(status)}`.trim();
    const body = `<html>\r\n<head><title>${title}</title></head>\r\n<body>\r\n<center><h1>${title}</h1></center>\r\n<hr><center>nginx/${this.version}</center>\r\n</body>\r\n</html>\r\n`;
    return { status, headers: [["Content-Type", "text/html"]], body: encodeText(body) };
  }
}

function* isThere(path: string, directory: boolean): Steps<boolean> {
  try {
    const { kind } = yield* sys.stat(path);
    return (kind === "directory") === directory;
  } catch (error) {
    if (error instanceof Errno) return false;
    throw error;
  }
}
