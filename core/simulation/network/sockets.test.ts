import { expect, test } from "vitest";
import { Errno } from "../../files/filesystem.ts";
import { text, utf8 } from "../../platform/bytes.ts";
import { POLL } from "../kernel/calls.ts";
import { TestHost } from "../kernel/host.testing.ts";
import { print, readToEnd } from "../kernel/io.ts";
import { sys } from "../kernel/syscalls.ts";

const at = (port: number) => ({ family: "inet" as const, address: "127.0.0.1", port });
const codeOf = (error: unknown) => (error as Errno).code;

test("a TCP connection carries bytes both ways, and closes one way at a time", async () => {
  const { output } = await new TestHost().run(function* () {
    const server = yield* sys.socket("inet", "stream");
    yield* sys.bind(server, at(80));
    yield* sys.listen(server);
    const child = yield* sys.clone(function* () {
      const fd = yield* sys.socket("inet", "stream");
      yield* sys.connect(fd, at(80));
      yield* sys.write(fd, new Uint8Array(300_000));
      yield* sys.shutdown(fd, "write");
      yield* print(1, text(yield* readToEnd(fd)));
      return 0;
    });
    const { fd } = yield* sys.accept(server);
    yield* print(fd, `got ${(yield* readToEnd(fd)).length}`);
    yield* sys.close(fd);
    yield* sys.waitpid(child);
    return 0;
  });
  expect(output).toBe("got 300000");
});

test("ports are taken once, given back, and refused where nobody listens", async () => {
  const { output } = await new TestHost().run(function* () {
    const one = yield* sys.socket("inet", "stream");
    yield* sys.bind(one, { ...at(5000), address: "0.0.0.0" });
    yield* sys.listen(one);
    const other = yield* sys.socket("inet", "stream");
    for (const attempt of [
      () => sys.bind(other, at(5000)),
      () => sys.bind(other, { ...at(5001), address: "1.2.3.4" }),
      () => sys.connect(other, at(4999)),
      () => sys.connect(other, { ...at(80), address: "1.2.3.4" }),
    ]) {
      try {
        yield* attempt();
      } catch (error) {
        yield* print(1, `${codeOf(error)} `);
      }
    }
    yield* sys.close(one);
    yield* sys.bind(other, at(5000));
    return 0;
  });
  expect(output).toBe("EADDRINUSE EADDRNOTAVAIL ECONNREFUSED ENETUNREACH ");
});

test("datagrams keep their bounds; poll waits for them, with a time limit", async () => {
  const { output } = await new TestHost().run(function* () {
    const server = yield* sys.socket("inet", "datagram");
    yield* sys.bind(server, at(53));
    const client = yield* sys.socket("inet", "datagram");
    yield* print(1, `${yield* sys.poll([{ fd: server, events: POLL.IN }], 5)} `);
    yield* sys.sendto(client, utf8("one"), at(53));
    yield* sys.sendto(client, utf8("two"), at(53));
    yield* print(1, `${yield* sys.poll([{ fd: server, events: POLL.IN }], 5)} `);
    const first = yield* sys.recvfrom(server, 100);
    yield* sys.sendto(server, utf8(`re ${text(first.bytes)}`), first.from);
    yield* print(
      1,
      `${text((yield* sys.recvfrom(client, 100)).bytes)} ${text((yield* sys.recvfrom(server, 100)).bytes)}`,
    );
    return 0;
  });
  expect(output).toBe("0 1 re one two");
});

test("unix sockets are found by their file; somebody outside can serve one", async () => {
  const host = new TestHost();
  host.kernel.network.serveUnix("/run/engine.sock", (connection) => {
    void (async () => {
      const asked = text((await connection.source.read())!);
      await connection.sink.write(utf8(`you said ${asked}`));
      connection.sink.close();
    })();
  });
  const { output } = await host.run(function* () {
    const fd = yield* sys.socket("unix", "stream");
    yield* sys.connect(fd, { family: "unix", path: "/run/engine.sock" });
    yield* print(fd, "hi");
    yield* print(1, text(yield* readToEnd(fd)));
    const other = yield* sys.socket("unix", "stream");
    try {
      yield* sys.connect(other, { family: "unix", path: "/etc" });
    } catch (error) {
      yield* print(1, ` ${codeOf(error)}`);
    }
    return 0;
  });
  expect(output).toBe("you said hi ECONNREFUSED");
});
