import { Errno } from "../../files/filesystem.ts";
import { POLL } from "../kernel/calls.ts";
import { strerror } from "../kernel/errno-text.ts";
import { sys } from "../kernel/syscalls.ts";
import { readProcess } from "./process-table.ts";
import { resolveName } from "./resolver.ts";
import type { Steps, UserProgram } from "./user-program.ts";

/** Dotted mask of a prefix length. */
function maskOf(bits: number): string {
  const value = bits === 0 ? 0 : (0xffffffff << (32 - bits)) >>> 0;
  return [24, 16, 8, 0].map((shift) => (value >>> shift) & 255).join(".");
}

function broadcastOf(cidr: string): string {
  const [address = "", bits = "32"] = cidr.split("/");
  const mask = maskOf(Number(bits)).split(".").map(Number);
  return address
    .split(".")
    .map((part, at) => Number(part) | (~mask[at]! & 255))
    .join(".");
}

export const ifconfig: UserProgram = {
  names: ["ifconfig"],
  usage: "[-a] [INTERFACE] [ADDRESS]",
  summary: "Configure a network interface",
  *main(io) {
    const [name, ...changes] = io.args.filter((arg) => arg !== "-a");
    const all = yield* sys.interfaces();
    const list =
      name === undefined
        ? all.filter((each) => each.up || io.args.includes("-a"))
        : all.filter((each) => each.name === name);
    if (name !== undefined && list.length === 0)
      return yield* io.fail(
        io.busybox
          ? `${name}: error fetching interface information: Device not found`
          : `${name}: error fetching interface information: Device not found`,
      );
    if (changes.length > 0 && name !== undefined) {
      try {
        for (const word of changes) {
          if (word === "up" || word === "down")
            yield* sys.configureNetwork({ change: "set link", name, up: word === "up" });
          else if (/^\d+\.\d+\.\d+\.\d+/.test(word))
            yield* sys.configureNetwork({
              change: "add address",
              name,
              address: word.includes("/") ? word : `${word}/24`,
            });
        }
      } catch (error) {
        if (!(error instanceof Errno)) throw error;
        return yield* io.fail(`SIOCSIFFLAGS: ${strerror(error.code)}`);
      }
      return 0;
    }
    for (const each of list) {
      const inet = each.addresses.find((address) => !address.includes(":"));
      const inet6 = each.addresses.filter((address) => address.includes(":"));
      const loop = each.kind === "loopback";
      const [address = "", bits = "32"] = inet?.split("/") ?? [];
      const lines = [
        `${each.name.padEnd(9)} Link encap:${loop ? "Local Loopback" : `Ethernet  HWaddr ${each.mac.toUpperCase()}`}  `,
      ];
      if (inet)
        lines.push(
          `          inet addr:${address}  ${loop ? "" : `Bcast:${broadcastOf(inet)}  `}Mask:${maskOf(Number(bits))}`,
        );
      for (const other of inet6)
        lines.push(
          `          inet6 addr: ${other} Scope:${other.startsWith("fe80") ? "Link" : loop ? "Host" : "Global"}`,
        );
      lines.push(
        `          ${each.up ? "UP " : ""}${loop ? "LOOPBACK" : "BROADCAST"} ${each.up ? "RUNNING " : ""}${loop ? "" : "MULTICAST"}  MTU:${each.mtu}  Metric:1`.replace(
          "  MTU",
          loop ? " MTU" : "  MTU",
        ),
      );
      lines.push(
        `          RX packets:${each.rxPackets} errors:0 dropped:0 overruns:0 frame:0`,
        `          TX packets:${each.txPackets} errors:0 dropped:0 overruns:0 carrier:0`,
      );
      lines.push(
        `          collisions:0 txqueuelen:${loop ? 1000 : 0} `,
        `          RX bytes:${each.rxBytes} (${human(each.rxBytes)})  TX bytes:${each.txBytes} (${human(each.txBytes)})`,
        "",
        "",
      );
      yield* io.print(lines.join("\n"));
    }
    return 0;
  },
};

function human(bytes: number): string {
  const units = ["B", "KiB", "MiB", "GiB"];
  let unit = 0;
  let value = bytes;
  while (value >= 1024 && unit < 3) {
    value /= 1024;
    unit++;
  }
  return `${value.toFixed(1)} ${units[unit]}`;
}

export const route: UserProgram = {
  names: ["route"],
  usage: "[{add|del|delete}]",
  summary: "Show or edit kernel routing tables",
  *main(io) {
    const [verb, ...rest] = io.args.filter((arg) => !/^-[nee]+$/.test(arg));
    if (verb === "add" || verb === "del" || verb === "delete") {
      const after = (word: string) => (rest.includes(word) ? rest[rest.indexOf(word) + 1]! : "");
      const destination = rest.find((word) => !/^-/.test(word))!;
      try {
        yield* sys.configureNetwork({
          change: verb === "add" ? "add route" : "delete route",
          route: { destination, gateway: after("gw"), interfaceName: after("dev") },
        });
      } catch (error) {
        if (!(error instanceof Errno)) throw error;
        return yield* io.fail(`SIOCADDRT: ${strerror(error.code)}`);
      }
      return 0;
    }
    const numeric = io.args.some((arg) => /^-\w*n/.test(arg));
    yield* io.print(
      "Kernel IP routing table\nDestination     Gateway         Genmask         Flags Metric Ref    Use Iface\n",
    );
    for (const each of yield* sys.routes()) {
      if (each.destination.includes(":")) continue;
      const [network = "", bits = "0"] =
        each.destination === "default" ? ["default", "0"] : each.destination.split("/");
      const destination = each.destination === "default" ? (numeric ? "0.0.0.0" : "default") : network;
      yield* io.print(
        `${destination.padEnd(15)} ${(each.gateway || (numeric ? "0.0.0.0" : "*")).padEnd(15)} ${maskOf(Number(bits)).padEnd(15)} ${(each.gateway ? "UG" : "U").padEnd(5)} 0      0        0 ${each.interfaceName}\n`,
      );
    }
    return 0;
  },
};

export const netstat: UserProgram = {
  names: ["netstat", "ss"],
  usage: "[-ral] [-tuwx] [-enWp]",
  summary: "Display networking information",
  *main(io) {
    const letters = io.args.filter((arg) => arg.startsWith("-")).join("");
    const listening = letters.includes("l");
    const every = letters.includes("a");
    const wanted = (["tcp", "udp", "unix"] as const).filter((protocol) =>
      !/[tux]/.test(letters)
        ? protocol !== "unix" || io.applet === "netstat"
        : letters.includes(protocol === "unix" ? "x" : protocol[0]!),
    );
    const all = (yield* sys.sockets()).filter(
      (socket) =>
        wanted.includes(socket.protocol) &&
        (every || listening === (socket.state === "LISTEN" || (socket.protocol === "udp" && listening))),
    );
    const programs = letters.includes("p");
    const owner = function* (pid: number): Steps<string> {
      return pid === 0 ? "-" : `${pid}/${(yield* readProcess(pid))?.comm ?? ""}`;
    };
    if (io.applet === "ss") {
      yield* io.print(
        `Netid State  Recv-Q Send-Q Local Address:Port  Peer Address:Port${programs ? "Process" : ""}\n`,
      );
      for (const socket of all) {
        const state =
          { LISTEN: "LISTEN", ESTABLISHED: "ESTAB" }[socket.state] ??
          (socket.protocol === "udp" ? "UNCONN" : socket.state);
        const process =
          programs && socket.pid
            ? ` users:(("${(yield* readProcess(socket.pid))?.comm}",pid=${socket.pid},fd=3))`
            : "";
        yield* io.print(
          `${socket.protocol.padEnd(5)} ${state.padEnd(6)} ${"0".padEnd(6)} ${(state === "LISTEN" ? "128" : "0").padEnd(6)} ${socket.local.padStart(18)} ${socket.remote.padStart(17)}${process}\n`,
        );
      }
      return 0;
    }
    const inet = all.filter((socket) => socket.protocol !== "unix");
    if (wanted.some((protocol) => protocol !== "unix")) {
      const kind = every ? "servers and established" : listening ? "only servers" : "w/o servers";
      yield* io.print(
        `Active Internet connections (${kind})\nProto Recv-Q Send-Q Local Address           Foreign Address         State       ${programs ? "PID/Program name" : ""}\n`,
      );
      for (const socket of inet) {
        yield* io.print(
          `${socket.protocol.padEnd(5)} ${"0".padStart(6)} ${"0".padStart(6)} ${socket.local.padEnd(23)} ${socket.remote.padEnd(23)} ${(socket.protocol === "udp" ? "" : socket.state).padEnd(11)} ${programs ? yield* owner(socket.pid) : ""}\n`,
        );
      }
    }
    if (wanted.includes("unix")) {
      yield* io.print(
        `Active UNIX domain sockets (${every ? "servers and established" : listening ? "only servers" : "w/o servers"})\nProto RefCnt Flags       Type       State         I-Node Path\n`,
      );
      for (const socket of all.filter((each) => each.protocol === "unix"))
        yield* io.print(
          `unix  ${"2".padEnd(6)} ${"[ ]".padEnd(11)} ${"STREAM".padEnd(10)} ${socket.state.padEnd(13)} ${String(socket.inode).padStart(6)} ${socket.local}\n`,
        );
    }
    return 0;
  },
};

export const nc: UserProgram = {
  names: ["nc", "netcat", "telnet"],
  usage: "[OPTIONS] HOST PORT  - connect\nnc [OPTIONS] -l -p PORT [HOST] [PORT]  - listen",
  summary: "Open a pipe to IP:PORT",
  *main(io) {
    const options = yield* io.options({ short: "lkp:w:i:nuve:s:zNq:", stopAtOperand: false });
    const [host, portText] = options.operands;
    const timeout = options.get("w") === undefined ? undefined : Number(options.get("w")) * 1000;
    if (options.has("l")) {
      const port = Number(options.get("p") ?? portText ?? host ?? 0);
      const listener = yield* sys.socket("inet", "stream");
      yield* sys.setsockopt(listener, "SO_REUSEADDR", 1);
      try {
        yield* sys.bind(listener, { family: "inet", address: "0.0.0.0", port });
      } catch (error) {
        if (!(error instanceof Errno)) throw error;
        return yield* io.fail(`bind: ${strerror(error.code)}`);
      }
      yield* sys.listen(listener, 10);
      do {
        const { fd } = yield* sys.accept(listener);
        yield* relay(fd);
        yield* sys.close(fd);
      } while (options.has("k"));
      return 0;
    }
    if (host === undefined || (portText === undefined && io.applet !== "telnet")) return yield* io.usage();
    const port = Number(portText ?? 23);
    const address = (yield* resolveName(host))[0];
    if (address === undefined)
      return yield* io.fail(
        io.busybox
          ? `bad address '${host}'`
          : `getaddrinfo for host "${host}" port ${port}: Name or service not known`,
      );
    const fd = yield* sys.socket("inet", options.has("u") ? "datagram" : "stream");
    try {
      yield* sys.connect(fd, { family: "inet", address, port }, timeout);
    } catch (error) {
      if (!(error instanceof Errno)) throw error;
      const reason = strerror(error.code);
      if (io.applet === "telnet")
        return yield* io.fail(`can't connect to remote host (${address}): ${reason}`);
      if (options.has("z") && !options.has("v")) return 1;
      return yield* io.fail(
        io.busybox
          ? `can't connect to remote host (${address}): ${reason}`
          : `connect to ${host} (${address}) port ${port} (tcp) failed: ${reason}`,
      );
    }
    if (options.has("v"))
      yield* io.printError(
        io.busybox
          ? `${host} (${address}:${port}) open\n`
          : `Connection to ${host} (${address}) ${port} port [tcp/*] succeeded!\n`,
      );
    if (io.applet === "telnet")
      yield* io.printError(
        `\r\nEntering character mode\r\nEscape character is '^]'.\r\n\n`.replace(/\r/g, ""),
      );
    if (!options.has("z")) yield* relay(fd);
    yield* sys.close(fd);
    return 0;
  },
};

/** Standard input to the connection and back, until the other side closes. */
function* relay(fd: number): Steps<void> {
  let reading = true;
  for (;;) {
    const [network = 0, input = 0] = yield* sys.poll(
      reading
        ? [
            { fd, events: POLL.IN },
            { fd: 0, events: POLL.IN },
          ]
        : [{ fd, events: POLL.IN }],
    );
    if (network) {
      const block = yield* readQuietly(fd);
      if (block.length === 0) return;
      yield* sys.write(1, block);
    }
    if (input && reading) {
      const block = yield* sys.read(0, 65536);
      if (block.length > 0) yield* sys.write(fd, block);
      else {
        reading = false;
        yield* sys.shutdown(fd, "write");
      }
    }
  }
}

function* readQuietly(fd: number): Steps<Uint8Array> {
  try {
    return yield* sys.read(fd, 65536);
  } catch (error) {
    if (error instanceof Errno) return new Uint8Array();
    throw error;
  }
}
