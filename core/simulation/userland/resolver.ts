import { Errno } from "../../files/filesystem.ts";
import { readTextFile } from "../kernel/io.ts";
import { sys } from "../kernel/syscalls.ts";
import type { Steps } from "./user-program.ts";

/** Whether `text` is an IPv4 address. */
export function isAddress(text: string): boolean {
  return /^\d{1,3}(\.\d{1,3}){3}$/.test(text) && text.split(".").every((part) => Number(part) < 256);
}

/** The IPv4 addresses of a name, as the C library finds them: /etc/hosts, then the name servers of /etc/resolv.conf. */
export function* resolveName(name: string): Steps<string[]> {
  if (isAddress(name)) return [name];
  const local: string[] = [];
  for (const line of (yield* readOptional("/etc/hosts")).split("\n")) {
    const [address = "", ...names] = line.replace(/#.*/, "").trim().split(/\s+/);
    if (names.includes(name) && isAddress(address)) local.push(address);
  }
  if (local.length > 0) return local;
  if (name === "localhost") return ["127.0.0.1"];
  const configuration = yield* readOptional("/etc/resolv.conf");
  const servers = [...configuration.matchAll(/^nameserver\s+(\S+)/gm)]
    .map((match) => match[1]!)
    .filter(isAddress);
  const domains = /^search\s+(.*)$/m.exec(configuration)?.[1]?.trim().split(/\s+/) ?? [];
  const candidates = name.includes(".")
    ? [name, ...domains.map((domain) => `${name}.${domain}`)]
    : [...domains.map((domain) => `${name}.${domain}`), name];
  for (const candidate of candidates.map((each) => each.replace(/\.$/, ""))) {
    for (const server of servers) {
      const answer = yield* queryServer(server, candidate);
      if (answer === undefined) continue;
      const addresses = answer.records.filter((record) => record.type === "A").map((record) => record.value);
      if (addresses.length > 0) return addresses;
      break;
    }
  }
  return [];
}

function* readOptional(path: string): Steps<string> {
  try {
    return yield* readTextFile(path);
  } catch (error) {
    if (error instanceof Errno) return "";
    throw error;
  }
}

export interface DnsRecord {
  name: string;
  type: "A" | "PTR" | "CNAME" | "AAAA";
  value: string;
}

export interface DnsAnswer {
  /** 0: no error, 3: no such name. */
  code: number;
  records: DnsRecord[];
}

const types = { A: 1, CNAME: 5, PTR: 12, AAAA: 28 };

/** Asks one name server; undefined when it does not answer. */
export function* queryServer(
  server: string,
  name: string,
  type: "A" | "PTR" | "AAAA" = "A",
  timeout = 5000,
): Steps<DnsAnswer | undefined> {
  const fd = yield* sys.socket("inet", "datagram");
  try {
    const id = yield* sys.getrandom(2);
    yield* sys.sendto(fd, question(id, name, type), { family: "inet", address: server, port: 53 });
    const [events = 0] = yield* sys.poll([{ fd, events: 1 }], timeout);
    if ((events & 1) === 0) return undefined;
    const { bytes } = yield* sys.recvfrom(fd, 4096);
    return parseAnswer(bytes);
  } catch (error) {
    if (error instanceof Errno) return undefined;
    throw error;
  } finally {
    yield* sys.close(fd);
  }
}

function question(id: Uint8Array, name: string, type: keyof typeof types): Uint8Array {
  const bytes = [id[0]!, id[1]!, 1, 0, 0, 1, 0, 0, 0, 0, 0, 0];
  for (const label of name.split(".").filter(Boolean)) {
    bytes.push(label.length);
    for (const character of label) bytes.push(character.charCodeAt(0) & 255);
  }
  bytes.push(0, 0, types[type], 0, 1);
  return new Uint8Array(bytes);
}

function parseAnswer(bytes: Uint8Array): DnsAnswer {
  const word = (at: number) => (bytes[at]! << 8) | bytes[at + 1]!;
  const code = bytes[3]! & 15;
  const readName = (from: number): [string, number] => {
    const labels: string[] = [];
    let at = from;
    let end = 0;
    for (let hops = 0; hops < 64;) {
      const length = bytes[at] ?? 0;
      if (length === 0) break;
      if (length >= 192) {
        end ||= at + 2;
        at = word(at) & 0x3fff;
        hops++;
        continue;
      }
      labels.push(String.fromCharCode(...bytes.subarray(at + 1, at + 1 + length)));
      at += length + 1;
    }
    return [labels.join("."), end || at + 1];
  };
  let at = 12;
  for (let left = word(4); left > 0; left--) at = readName(at)[1] + 4;
  const records: DnsRecord[] = [];
  for (let left = word(6); left > 0; left--) {
    const [name, after] = readName(at);
    const type = word(after);
    const length = word(after + 8);
    const data = after + 10;
    if (type === types.A)
      records.push({ name, type: "A", value: [...bytes.subarray(data, data + 4)].join(".") });
    else if (type === types.PTR || type === types.CNAME)
      records.push({ name, type: type === types.PTR ? "PTR" : "CNAME", value: readName(data)[0] });
    at = data + length;
  }
  return { code, records };
}
