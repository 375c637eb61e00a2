import { Errno } from "../../files/filesystem.ts";
import type { InterfaceInfo } from "../kernel/calls.ts";
import { strerror } from "../kernel/errno-text.ts";
import { sys } from "../kernel/syscalls.ts";
import type { Invocation } from "./invocation.ts";
import type { Steps, UserProgram } from "./user-program.ts";

export const ip: UserProgram = {
  names: ["ip"],
  usage: "[OPTIONS] address|route|link|neigh|rule [ARGS]",
  summary: "Show and change interfaces, addresses and routes",
  *main(io) {
    const args = [...io.args];
    const flags = { oneline: false, family: "", brief: false };
    while (args[0]?.startsWith("-")) {
      const flag = args.shift()!;
      if (/^-o(neline)?$/.test(flag)) flags.oneline = true;
      else if (flag === "-4" || flag === "-6") flags.family = flag === "-4" ? "inet" : "inet6";
      else if (/^-br(ief)?$/.test(flag)) flags.brief = true;
      else if (flag === "-f") flags.family = args.shift() ?? "";
    }
    const object = args.shift();
    if (object === undefined) return yield* io.usage();
    try {
      if ("address".startsWith(object)) return yield* address(io, args, flags);
      if ("link".startsWith(object)) return yield* link(io, args, flags);
      if ("route".startsWith(object)) return yield* route(io, args);
      if ("neighbor".startsWith(object) || "rule".startsWith(object)) return 0;
    } catch (error) {
      if (!(error instanceof Errno)) throw error;
      if (io.busybox) return yield* io.fail(`RTNETLINK answers: ${strerror(error.code)}`.replace(/^/, ""), 2);
      yield* io.printError(`RTNETLINK answers: ${strerror(error.code)}\n`);
      return 2;
    }
    if (io.busybox) return yield* io.usage();
    yield* io.printError(`Object "${object}" is unknown, try "ip help".\n`);
    return 1;
  },
};

interface Flags {
  oneline: boolean;
  family: string;
  brief: boolean;
}

function* selected(io: Invocation, args: readonly string[]): Steps<InterfaceInfo[]> {
  const all = yield* sys.interfaces();
  const rest = args.filter((arg) => !/^(show|list|ls|sh|dev|up|scope|global|type)$/.test(arg));
  const name = rest[0];
  if (name === undefined) return all;
  const found = all.filter((each) => each.name === name);
  if (found.length > 0) return found;
  if (io.busybox) yield* io.printError(`ip: can't find device '${name}'\n`);
  else yield* io.printError(`Device "${name}" does not exist.\n`);
  return [];
}

function headLine(each: InterfaceInfo, busybox: boolean): string {
  const flags = [
    each.kind === "loopback" ? "LOOPBACK" : "BROADCAST,MULTICAST",
    ...(each.up ? ["UP", "LOWER_UP"] : []),
  ].join(",");
  const peer = each.peer
    ? `@${each.peer.otherNamespace ? `if${each.peer.index}` : `if${each.peer.index}`}`
    : "";
  const master = each.master ? ` master ${each.master}` : "";
  const state =
    each.kind === "loopback" ? (busybox ? "" : " state UNKNOWN") : ` state ${each.up ? "UP" : "DOWN"}`;
  const queue =
    each.kind === "loopback" || each.kind === "veth" || each.kind === "bridge" ? "noqueue" : "fq_codel";
  return `${each.index}: ${each.name}${peer}: <${flags}> mtu ${each.mtu} qdisc ${queue}${master}${state}${busybox ? (each.kind === "loopback" ? " qlen 1000" : "") : " group default"}${!busybox && each.kind === "loopback" ? " qlen 1000" : ""}`;
}

function macLine(each: InterfaceInfo): string {
  if (each.kind === "loopback") return "    link/loopback 00:00:00:00:00:00 brd 00:00:00:00:00:00";
  return `    link/ether ${each.mac} brd ff:ff:ff:ff:ff:ff${each.peer?.otherNamespace ? ` link-netnsid 0` : ""}`;
}

function scopeOf(address: string): string {
  return /^(127\.|::1)/.test(address) ? "host" : address.startsWith("fe80:") ? "link" : "global";
}

/** The broadcast address of "172.17.0.2/16". */
function broadcast(cidr: string): string {
  const [address = "", bits = "32"] = cidr.split("/");
  const value = address.split(".").reduce((sum, part) => sum * 256 + Number(part), 0);
  const size = 2 ** (32 - Number(bits));
  const last = Math.floor(value / size) * size + size - 1;
  return [24, 16, 8, 0].map((shift) => Math.floor(last / 2 ** shift) % 256).join(".");
}

function* address(io: Invocation, args: readonly string[], flags: Flags): Steps<number> {
  const [verb] = args;
  if (verb === "add" || verb === "del") {
    const dev = args[args.indexOf("dev") + 1]!;
    yield* sys.configureNetwork({
      change: verb === "add" ? "add address" : "delete address",
      name: dev,
      address: args[1]!,
    });
    return 0;
  }
  const list = yield* selected(io, args);
  if (list.length === 0) return 1;
  for (const each of list) {
    const lines: string[] = [];
    for (const cidr of each.addresses) {
      const inet6 = cidr.includes(":");
      if (flags.family !== "" && (flags.family === "inet6") !== inet6) continue;
      const plain = cidr.split("/")[0]!;
      const brd = !inet6 && each.kind !== "loopback" ? ` brd ${broadcast(cidr)}` : "";
      const label = inet6 ? "" : ` ${each.name}`;
      lines.push(`${inet6 ? "inet6" : "inet"} ${cidr}${brd} scope ${scopeOf(plain)}${inet6 ? " " : label}`);
    }
    if (flags.brief) {
      yield* io.print(
        `${(each.name + (each.peer ? `@if${each.peer.index}` : "")).padEnd(16)} ${(each.kind === "loopback" ? "UNKNOWN" : each.up ? "UP" : "DOWN").padEnd(14)} ${each.addresses.join(" ")} \n`,
      );
      continue;
    }
    const lifetime = "       valid_lft forever preferred_lft forever";
    if (flags.oneline) {
      // One line for each address (busybox adds nothing for the interface itself here).
      for (const line of lines)
        yield* io.print(`${each.index}: ${each.name}    ${line}${io.busybox ? "\\" : "\\"}${lifetime}\n`);
      continue;
    }
    yield* io.print(
      [headLine(each, io.busybox), macLine(each), ...lines.flatMap((line) => [`    ${line}`, lifetime])].join(
        "\n",
      ) + "\n",
    );
  }
  return 0;
}

function* link(io: Invocation, args: readonly string[], flags: Flags): Steps<number> {
  const [verb] = args;
  if (verb === "set") {
    const words = args.slice(1).filter((word) => word !== "dev");
    const name = words[0]!;
    for (let at = 1; at < words.length; at++) {
      const word = words[at];
      if (word === "up" || word === "down")
        yield* sys.configureNetwork({ change: "set link", name, up: word === "up" });
      else if (word === "mtu")
        yield* sys.configureNetwork({ change: "set link", name, mtu: Number(words[++at]) });
      else if (word === "name")
        yield* sys.configureNetwork({ change: "set link", name, newName: words[++at]! });
      else if (word === "master")
        yield* sys.configureNetwork({ change: "set link", name, master: words[++at]! });
      else if (word === "nomaster") yield* sys.configureNetwork({ change: "set link", name, master: null });
      else if (word === "netns")
        yield* sys.configureNetwork({ change: "set link", name, namespacePid: Number(words[++at]) });
      else if (word === "address")
        yield* sys.configureNetwork({ change: "set link", name, mac: words[++at]! });
    }
    return 0;
  }
  if (verb === "add") {
    const words = args.slice(1).filter((word) => word !== "name");
    const kind = words[words.indexOf("type") + 1] as "veth" | "bridge" | "dummy";
    const peerAt = words.indexOf("peer");
    yield* sys.configureNetwork({
      change: "add link",
      name: words[0]!,
      kind,
      ...(peerAt > 0 ? { peer: words[peerAt + 1]! } : {}),
    });
    return 0;
  }
  if (verb === "del" || verb === "delete") {
    yield* sys.configureNetwork({
      change: "delete link",
      name: args.slice(1).filter((word) => word !== "dev")[0]!,
    });
    return 0;
  }
  const list = yield* selected(io, args);
  for (const each of list)
    yield* io.print(
      headLine(each, io.busybox) +
        (io.busybox ? "" : " mode DEFAULT".replace(/.*/, "")) +
        (flags.oneline ? "\\" : "\n") +
        macLine(each) +
        "\n",
    );
  return list.length > 0 ? 0 : 1;
}

function* route(io: Invocation, args: readonly string[]): Steps<number> {
  const [verb = "show"] = args;
  if (verb === "add" || verb === "del") {
    const after = (word: string) => (args.includes(word) ? args[args.indexOf(word) + 1]! : "");
    yield* sys.configureNetwork({
      change: verb === "add" ? "add route" : "delete route",
      route: { destination: args[1]!, gateway: after("via"), interfaceName: after("dev") },
    });
    return 0;
  }
  for (const each of yield* sys.routes()) {
    const via = each.gateway ? ` via ${each.gateway}` : "";
    const local = each.gateway ? "" : ` ${io.busybox ? "" : "proto kernel "}scope link`;
    const source = each.source ? ` src ${each.source}` : "";
    yield* io.print(
      `${each.destination}${via} dev ${each.interfaceName}${local} ${source.trim()}`.trimEnd() + " \n",
    );
  }
  return 0;
}
