import { readAll, text } from "../platform/bytes.ts";
import type { Console } from "./console.ts";
import { FileError } from "./console.ts";
import { quote } from "./go/strconv.ts";
import { contextTlsDirectory, readContext } from "./contexts.ts";

/** The engine that a command line talks to. */
export interface Endpoint {
  /** "unix:///var/run/docker.sock", "tcp://127.0.0.1:2375". */
  host: string;
  tls?: { ca?: string; cert?: string; key?: string; verify: boolean };
}

/** The flags that choose the engine. */
export interface EndpointFlags {
  hosts: readonly string[];
  /** Undefined without --tls or --tlsverify. Paths may be "" for none. */
  tls?: { verify: boolean; caFile: string; certFile: string; keyFile: string };
}

/** The engine of the "default" context: -H, DOCKER_HOST, or the local socket. */
export async function defaultEndpoint(console: Console, flags: EndpointFlags): Promise<Endpoint> {
  if (flags.hosts.length > 1) throw new Error("Specify only one -H");
  const host = parseHost(
    flags.hosts[0] ?? console.env["DOCKER_HOST"] ?? "",
    flags.tls !== undefined,
    console.platform.os,
  );
  if (!flags.tls) return { host };
  const { verify, caFile, certFile, keyFile } = flags.tls;
  const [ca, cert, key] = [
    await pem(console, caFile),
    await pem(console, certFile),
    await pem(console, keyFile),
  ];
  return { host, tls: { verify, ...(ca ? { ca } : {}), ...(cert ? { cert } : {}), ...(key ? { key } : {}) } };
}

/** The engine of a context made with `docker context create`. */
export async function contextEndpoint(
  console: Console,
  configDirectory: string,
  name: string,
): Promise<Endpoint> {
  const metadata = await readContext(console, configDirectory, name);
  const docker = metadata.Endpoints.docker;
  if (!docker) throw new Error("cannot find docker endpoint in context");
  const directory = `${contextTlsDirectory(configDirectory, name)}/docker`;
  const tls: NonNullable<Endpoint["tls"]> = { verify: !docker.SkipTLSVerify };
  for (const part of ["ca", "cert", "key"] as const) {
    const content = await pem(console, `${directory}/${part}.pem`).catch(ignoreMissing);
    if (content) tls[part] = content;
  }
  const secured = tls.ca || tls.cert || tls.key || !tls.verify;
  return { host: docker.Host || parseHost("", false, console.platform.os), ...(secured ? { tls } : {}) };
}

async function pem(console: Console, path: string): Promise<string> {
  return path === "" ? "" : text(await readAll(await console.files.open(path)));
}

function ignoreMissing(error: unknown): string {
  if (error instanceof FileError && error.code === "ENOENT") return "";
  throw error;
}

/** A host as the user wrote it, completed: "" is the local socket, ":2375" a TCP port of this machine. Throws docker's texts. */
export function parseHost(written: string, tls: boolean, os: string): string {
  const host = written.trim();
  if (host === "") {
    if (tls) return "tcp://localhost:2376";
    return os === "windows" ? "npipe:////./pipe/docker_engine" : "unix:///var/run/docker.sock";
  }
  const [, protocol, address] = host.includes("://") ? [host, ...cut(host, "://")] : [host, "tcp", host];
  if (protocol === "fd" || protocol === "ssh") return host;
  if (protocol === "tcp") return tcpHost(address!);
  if (protocol !== "unix" && protocol !== "npipe") throw new Error(`invalid bind address format: ${host}`);
  if (address!.includes("://")) throw new Error(`invalid proto, expected ${protocol}: ${address}`);
  return `${protocol}://${address || (protocol === "unix" ? "/var/run/docker.sock" : "//./pipe/docker_engine")}`;
}

function tcpHost(address: string): string {
  if (address === "") return "tcp://localhost:2375";
  if (address.includes("://")) throw new Error(`invalid proto, expected tcp: ${address}`);
  const slash = address.indexOf("/");
  const [authority, path] = slash < 0 ? [address, ""] : [address.slice(0, slash), address.slice(slash)];
  const [, name, port] = /^(\[[^\]]*\]|[^:]*)(?::(\d*))?$/.exec(authority) ?? [];
  if (name === undefined) throw new Error(hostError(address, authority));
  return `tcp://${name || "localhost"}:${port || "2375"}${path}`;
}

/** What Go's url.Parse says of an authority that is none. */
function hostError(address: string, authority: string): string {
  const port = authority.slice(authority.lastIndexOf(":"));
  if (/^:\d*$/.test(port)) return `invalid bind address format: ${address}`;
  return `parse ${quote(`tcp://${address}`)}: invalid port ${quote(port)} after host`;
}

function cut(text: string, separator: string): [string, string] {
  const at = text.indexOf(separator);
  return [text.slice(0, at), text.slice(at + separator.length)];
}
