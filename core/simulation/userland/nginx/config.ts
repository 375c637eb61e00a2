import { Errno } from "../../../files/filesystem.ts";
import { readTextFile } from "../../kernel/io.ts";
import { globPaths } from "../../shell/glob.ts";
import { strerror } from "../../kernel/errno-text.ts";
import type { Steps } from "../user-program.ts";

/** One directive of a configuration, with the directives of its block. */
export interface Directive {
  name: string;
  args: string[];
  block: Directive[] | undefined;
  file: string;
  line: number;
}

/** A configuration that nginx refuses; the message has file and line. */
export class NginxConfigError extends Error {
  override name = "NginxConfigError";
}

/** Reads a configuration file with all that it includes. Throws NginxConfigError. */
export function* readConfiguration(path: string): Steps<Directive[]> {
  let text: string;
  try {
    text = yield* readTextFile(path);
  } catch (error) {
    if (!(error instanceof Errno)) throw error;
    throw new NginxConfigError(
      `open() "${path}" failed (${error.code === "ENOENT" ? 2 : 13}: ${strerror(error.code)})`,
    );
  }
  return yield* includeFiles(parseConfiguration(text, path));
}

/** Directives of a configuration's text. Throws NginxConfigError. */
export function parseConfiguration(text: string, file: string): Directive[] {
  const tokens = tokenize(text);
  let at = 0;
  const parseBlock = (inner: boolean): Directive[] => {
    const list: Directive[] = [];
    for (;;) {
      const token = tokens[at];
      if (token === undefined) {
        if (inner)
          throw new NginxConfigError(
            `unexpected end of file, expecting "}" in ${file}:${text.split("\n").length}`,
          );
        return list;
      }
      if (token.text === "}" && !token.quoted) {
        if (!inner) throw new NginxConfigError(`unexpected "}" in ${file}:${token.line}`);
        at++;
        return list;
      }
      const words: string[] = [];
      const { line } = token;
      let end = tokens[at];
      while (end && (end.quoted || !["{", "}", ";"].includes(end.text))) {
        words.push(end.text);
        end = tokens[++at];
      }
      if (!end)
        throw new NginxConfigError(
          `unexpected end of file, expecting ";" or "}" in ${file}:${text.split("\n").length}`,
        );
      if (end.text === "}") throw new NginxConfigError(`unexpected "}" in ${file}:${end.line}`);
      if (words.length === 0) throw new NginxConfigError(`unexpected "${end.text}" in ${file}:${end.line}`);
      at++;
      const [name = "", ...args] = words;
      if (!known.has(name) && !/^(text|image|application|font|video|audio)\//.test(name))
        throw new NginxConfigError(`unknown directive "${name}" in ${file}:${line}`);
      list.push({ name, args, block: end.text === "{" ? parseBlock(true) : undefined, file, line });
    }
  };
  return parseBlock(false);
}

const known = new Set(
  (
    "user worker_processes error_log pid events worker_connections http include default_type log_format access_log sendfile tcp_nopush " +
    "tcp_nodelay keepalive_timeout gzip gzip_types server listen server_name location root index error_page return add_header alias " +
    "autoindex proxy_pass proxy_set_header proxy_http_version client_max_body_size try_files types charset daemon master_process " +
    "expires deny allow upstream rewrite set if resolver proxy_read_timeout proxy_connect_timeout server_tokens use multi_accept " +
    "types_hash_max_size keepalive_requests map internal worker_rlimit_nofile load_module stub_status"
  ).split(" "),
);

interface ConfigToken {
  text: string;
  quoted: boolean;
  line: number;
}

function tokenize(text: string): ConfigToken[] {
  const tokens: ConfigToken[] = [];
  let line = 1;
  for (const [piece] of text.matchAll(
    /\n|[ \t\r]+|#[^\n]*|"(?:\\[^]|[^"\\])*"|'(?:\\[^]|[^'\\])*'|[{};]|(?:\$\{\w+\}|\\[^]|[^\s{};"'#\\])(?:\$\{\w+\}|\\[^]|[^\s{};])*/g,
  )) {
    if (piece === "\n") line++;
    else if (!/^[ \t\r#]/.test(piece)) {
      const quoted = /^["']/.test(piece);
      tokens.push({ text: quoted ? piece.slice(1, -1).replace(/\\(["'\\])/g, "$1") : piece, quoted, line });
      line += piece.split("\n").length - 1;
    }
  }
  return tokens;
}

function* includeFiles(directives: readonly Directive[]): Steps<Directive[]> {
  const result: Directive[] = [];
  for (const directive of directives) {
    if (directive.name === "include") {
      const pattern = directive.args[0]!.startsWith("/")
        ? directive.args[0]!
        : `/etc/nginx/${directive.args[0]}`;
      const paths = /[*?[]/.test(pattern) ? yield* globPaths(pattern) : [pattern];
      for (const path of paths) {
        try {
          result.push(...(yield* readConfiguration(path)));
        } catch (error) {
          if (!(error instanceof NginxConfigError) || !error.message.startsWith("open()")) throw error;
          throw new NginxConfigError(`${error.message} in ${directive.file}:${directive.line}`);
        }
      }
    } else
      result.push(
        directive.block ? { ...directive, block: yield* includeFiles(directive.block) } : directive,
      );
  }
  return result;
}

/** The arguments of the last directive of a name. */
export function setting(directives: readonly Directive[], name: string): string[] | undefined {
  return directives.findLast((directive) => directive.name === name)?.args;
}

export function blocks(directives: readonly Directive[], name: string): Directive[] {
  return directives.filter((directive) => directive.name === name && directive.block);
}
