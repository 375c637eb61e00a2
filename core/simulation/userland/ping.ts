import { Errno } from "../../files/filesystem.ts";
import { strerror } from "../kernel/errno-text.ts";
import { sys } from "../kernel/syscalls.ts";
import { resolveName } from "./resolver.ts";
import type { UserProgram } from "./user-program.ts";

export const ping: UserProgram = {
  names: ["ping", "ping6"],
  usage: "[OPTIONS] HOST",
  summary: "Send ICMP ECHO_REQUESTs to HOST",
  *main(io) {
    const options = yield* io.options({ short: "46qAc:i:s:t:w:W:I:n" }, 2);
    const host = options.operands[0];
    if (host === undefined)
      return yield* io.busybox ? io.usage() : io.fail("usage error: Destination address required", 1);
    const address = (yield* resolveName(host))[0];
    if (address === undefined)
      return yield* io.fail(
        io.busybox ? `bad address '${host}'` : `${host}: Name or service not known`,
        io.busybox ? 1 : 2,
      );
    let fd: number;
    try {
      fd = yield* sys.socket("inet", "icmp");
    } catch (error) {
      if (!(error instanceof Errno)) throw error;
      return yield* io.fail(
        io.busybox
          ? `permission denied (are you root?)`
          : `socktype: SOCK_RAW\nping: socket: ${strerror(error.code)}`,
        io.busybox ? 1 : 2,
      );
    }
    const size = Number(options.get("s") ?? 56);
    const count = Number(options.get("c") ?? Infinity);
    const interval = Number(options.get("i") ?? 1) * 1e9;
    const wait = Number(options.get("W") ?? 10) * 1000;
    const deadline =
      options.get("w") === undefined
        ? Infinity
        : Number(yield* sys.clock("monotonic")) + Number(options.get("w")) * 1e9;
    const quiet = options.has("q");
    let interrupted = false;
    yield* sys.sigaction("SIGINT", { handler: () => void (interrupted = true) });
    yield* io.print(
      io.busybox
        ? `PING ${host} (${address}): ${size} data bytes\n`
        : `PING ${host} (${address}) ${size}(${size + 28}) bytes of data.\n`,
    );
    const began = yield* sys.clock("monotonic");
    const times: number[] = [];
    let sent = 0;
    const identifier = (yield* sys.getpid()) & 0xffff;
    while (sent < count && !interrupted && Number(yield* sys.clock("monotonic")) < deadline) {
      const sequence = sent++;
      const shown = io.busybox ? sequence : sequence + 1;
      const message = echoRequest(identifier, shown, size);
      const start = yield* sys.clock("monotonic");
      try {
        yield* sys.sendto(fd, message, { family: "inet", address, port: 0 });
        yield* io.flush();
        const patience = sent < count ? Math.min(wait, Math.max(interval / 1e6, 10)) : wait;
        const [events = 0] = yield* sys.poll([{ fd, events: 1 }], patience);
        if (events & 1) {
          const reply = yield* sys.recvfrom(fd, 65536);
          const milliseconds = Number((yield* sys.clock("monotonic")) - start) / 1e6;
          if (reply.bytes[0] === 0) {
            times.push(milliseconds);
            const from = "address" in reply.from ? reply.from.address : address;
            if (!quiet) {
              const name = host === address ? from : `${host} (${from})`;
              yield* io.print(
                io.busybox
                  ? `${size + 8} bytes from ${from}: seq=${shown} ttl=${reply.ttl ?? 64} time=${milliseconds.toFixed(3)} ms\n`
                  : `${size + 8} bytes from ${name}: icmp_seq=${shown} ttl=${reply.ttl ?? 64} time=${gnuTime(milliseconds)} ms\n`,
              );
            }
          }
        }
      } catch (error) {
        if (!(error instanceof Errno)) throw error;
        if (error.code === "EINTR") break;
        if (io.busybox) return yield* io.fail(`sendto: ${strerror(error.code)}`);
        yield* io.complain(`sendmsg: ${strerror(error.code)}`);
      }
      if (sent < count) {
        const left = interval - Number((yield* sys.clock("monotonic")) - start);
        yield* io.flush();
        try {
          if (left > 0) yield* sys.nanosleep(left);
        } catch (error) {
          if (!(error instanceof Errno) || error.code !== "EINTR") throw error;
        }
      }
    }
    const loss = sent === 0 ? 0 : Math.round(((sent - times.length) * 100) / sent);
    const elapsed = Math.round(Number((yield* sys.clock("monotonic")) - began) / 1e6);
    yield* io.print(
      `\n--- ${host} ping statistics ---\n${sent} packets transmitted, ${times.length} ${io.busybox ? "packets received" : "received"}, ${loss}% packet loss${io.busybox ? "" : `, time ${elapsed}ms`}\n`,
    );
    if (times.length > 0) {
      const average = times.reduce((sum, each) => sum + each, 0) / times.length;
      const deviation = Math.sqrt(
        Math.max(times.reduce((sum, each) => sum + each * each, 0) / times.length - average * average, 0),
      );
      const [low, mean, high] = [Math.min(...times), average, Math.max(...times)].map((each) =>
        each.toFixed(3),
      );
      yield* io.print(
        io.busybox
          ? `round-trip min/avg/max = ${low}/${mean}/${high} ms\n`
          : `rtt min/avg/max/mdev = ${low}/${mean}/${high}/${deviation.toFixed(3)} ms\n`,
      );
    } else if (!io.busybox) yield* io.print("\n");
    return times.length > 0 ? 0 : 1;
  },
};

function gnuTime(milliseconds: number): string {
  return milliseconds < 1
    ? milliseconds.toFixed(3)
    : milliseconds < 10
      ? milliseconds.toFixed(2)
      : milliseconds < 100
        ? milliseconds.toFixed(1)
        : milliseconds.toFixed(0);
}

function echoRequest(identifier: number, sequence: number, size: number): Uint8Array {
  const bytes = new Uint8Array(8 + size);
  bytes.set([8, 0, 0, 0, identifier >> 8, identifier & 255, (sequence >> 8) & 255, sequence & 255]);
  for (let at = 8; at < bytes.length; at++) bytes[at] = at & 255;
  let sum = 0;
  for (let at = 0; at < bytes.length; at += 2) sum += (bytes[at]! << 8) | (bytes[at + 1] ?? 0);
  while (sum >> 16) sum = (sum & 0xffff) + (sum >> 16);
  bytes[2] = (~sum >> 8) & 255;
  bytes[3] = ~sum & 255;
  return bytes;
}
