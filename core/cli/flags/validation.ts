import { parseIp } from "../go/ip.ts";
import { quote } from "../go/strconv.ts";

// Each takes the text of a flag, checks it as docker does and returns what is sent to the engine.

/** "key=value", or "key" alone. */
export function validLabel(text: string): string {
  const key = text.split("=", 1)[0]!.replace(/^[ \t]+/, "");
  if (key === "") throw new Error(`invalid label '${text}': empty name`);
  if (/[ \t]/.test(key)) throw new Error(`label '${key}' contains whitespaces`);
  return text;
}

/** "NAME=value", or "NAME" alone, which is looked up in the environment when the request is made. */
export function validEnvironment(text: string): string {
  if (text.startsWith("=") || text === "") throw new Error(`invalid environment variable: ${text}`);
  return text;
}

export function validIp(text: string): string {
  const address = parseIp(text.trim());
  if (address === undefined) throw new Error(`IP address is not correctly formatted: ${text}`);
  return address;
}

/** A search domain; "." is none. */
export function validDnsSearch(text: string): string {
  const domain = text.replace(/^ +| +$/g, "");
  if (domain === ".") return domain;
  const name =
    /^(([a-zA-Z0-9]|[a-zA-Z0-9][a-zA-Z0-9-]*[a-zA-Z0-9])(\.([a-zA-Z0-9]|[a-zA-Z0-9][a-zA-Z0-9-]*[a-zA-Z0-9]))*)\.?\s*$/;
  const found = /[a-zA-Z]/.test(domain) ? name.exec(domain) : null;
  if (!found || found[1]!.length >= 255) throw new Error(`${domain} is not a valid domain`);
  return found[1]!;
}

/** "host:address" or "host=address"; the engine takes the colon alone. */
export function validExtraHost(text: string): string {
  const at = text.includes("=") ? text.indexOf("=") : text.indexOf(":");
  const host = text.slice(0, at);
  if (at < 1 || host.includes(":")) throw new Error(`bad format for add-host: ${quote(text)}`);
  const address = text.slice(at + 1).replace(/^\[(.+)\]$/, "$1");
  if (address !== "host-gateway" && parseIp(address.trim()) === undefined)
    throw new Error(`invalid IP address in add-host: ${quote(address)}`);
  return `${host}:${address}`;
}

const sysctls = ["msgmax", "msgmnb", "msgmni", "sem", "shmall", "shmmax", "shmmni", "shm_rmid_forced"];

/** Only kernel parameters that have a namespace. */
export function validSysctl(text: string): string {
  const [key = "", value] = text.split("=", 2);
  const allowed = sysctls.some((name) => key === `kernel.${name}`) || /^(net\.|fs\.mqueue\.)/.test(key);
  if (value === undefined || !allowed) throw new Error(`sysctl '${text}' is not allowed`);
  return text;
}

/** "container" or "container:alias". */
export function validLink(text: string): string {
  if (text === "") throw new Error("empty string specified for links");
  if (text.split(":").length > 2) throw new Error(`bad format for links: ${text}`);
  return text;
}

/** A stream to attach to. */
export function validAttach(text: string): string {
  const stream = text.toLowerCase();
  if (stream !== "stdin" && stream !== "stdout" && stream !== "stderr")
    throw new Error("valid streams are STDIN, STDOUT and STDERR");
  return stream;
}

/** "c 1:3 rwm". */
export function validDeviceCgroupRule(text: string): string {
  if (!/^[acb] ([0-9]+|\*):([0-9]+|\*) [rwm]{1,3}$/.test(text))
    throw new Error(`invalid device cgroup format '${text}'`);
  return text;
}
