import { expect, test } from "vitest";
import { Errno } from "../../files/filesystem.ts";
import type { EndpointSpec, NetworkSpec } from "../../networks/driver.ts";
import { sourceOf, text, utf8 } from "../../platform/bytes.ts";
import type { Task } from "../../tasks/runtime.ts";
import { print, readToEnd } from "../kernel/io.ts";
import type { Program } from "../kernel/program.ts";
import { sys } from "../kernel/syscalls.ts";
import { encodeQuery } from "../network/dns.ts";
import { nameServer } from "../network/name-server.ts";
import { collectedIo, ContainerHost } from "./container.testing.ts";
import { simulatedHttpClient } from "./http-client.ts";
import { SimulatedNetworkDriver } from "./network-driver.ts";
import { SimulatedRuntime } from "./runtime.ts";

const programs: Record<string, Program> = {
  /** serve PORT: answers each connection with who it was. */
  serve: function* (process) {
    const fd = yield* sys.socket("inet", "stream");
    yield* sys.bind(fd, { family: "inet", address: "0.0.0.0", port: Number(process.argv[1]) });
    yield* sys.listen(fd);
    for (;;) {
      const { fd: connection, peer } = yield* sys.accept(fd);
      const from = peer.family === "unix" ? peer.path : peer.address;
      const head = yield* sys.read(connection, 1000);
      const body = `${from} sent ${head.length}`;
      yield* print(
        connection,
        process.argv[2] === "http"
          ? `HTTP/1.1 200 OK\r\ncontent-length: ${body.length}\r\n\r\n${body}`
          : body,
      );
      yield* sys.close(connection);
    }
  },
  /** dial ADDRESS PORT */
  dial: function* (process) {
    const fd = yield* sys.socket("inet", "stream");
    try {
      yield* sys.connect(
        fd,
        { family: "inet", address: process.argv[1]!, port: Number(process.argv[2]) },
        5000,
      );
      yield* print(fd, "hello");
      yield* print(1, text(yield* readToEnd(fd)));
    } catch (error) {
      if (!(error instanceof Errno)) throw error;
      yield* print(1, error.code);
    }
    return 0;
  },
  /** ask NAME */
  ask: function* (process) {
    const fd = yield* sys.socket("inet", "datagram");
    yield* sys.connect(fd, { family: "inet", address: "127.0.0.11", port: 53 });
    yield* sys.write(fd, encodeQuery(7, process.argv[1]!, 1));
    const answer = yield* sys.read(fd, 512);
    yield* print(1, `${answer[3]! & 15} ${answer.slice(-4).join(".")}`);
    return 0;
  },
  ping: function* (process) {
    const fd = yield* sys.socket("inet", "icmp");
    yield* sys.sendto(fd, Uint8Array.of(8, 0, 0, 0, 0, 1, 0, 1), {
      family: "inet",
      address: process.argv[1]!,
      port: 0,
    });
    const [ready] = yield* sys.poll([{ fd, events: 1 }], 1000);
    yield* print(1, ready ? `type ${(yield* sys.recvfrom(fd, 100)).bytes[0]}` : "nothing");
    return 0;
  },
  sleep: function* () {
    return yield* sys.pause();
  },
};

const network = (name: string, number: number, change: Partial<NetworkSpec> = {}): NetworkSpec => ({
  id: name.padEnd(64, "0"),
  name,
  driver: "bridge",
  options: {},
  internal: false,
  enableIPv4: true,
  enableIPv6: false,
  subnets: [{ subnet: `172.${number}.0.0/16`, gateway: `172.${number}.0.1` }],
  bridgeName: number === 17 ? "docker0" : `br-${name}`,
  ...change,
});

const endpoint = (id: string, of: NetworkSpec, number: number, last: number): EndpointSpec => ({
  id,
  networkId: of.id,
  address: `172.${number}.0.${last}/16`,
  address6: "",
  gateway: `172.${number}.0.1`,
  gateway6: "",
  macAddress: `02:42:ac:${number.toString(16)}:00:0${last}`,
  interfaceName: "eth0",
  isGateway: true,
});

class Net {
  readonly host = new ContainerHost(programs);
  readonly driver = new SimulatedNetworkDriver(this.host.kernel);
  readonly runtime = new SimulatedRuntime(this.host.kernel);
  readonly bridge = network("bridge", 17);
  readonly other = network("other", 18);

  async up(): Promise<this> {
    const { network: kernelNetwork } = this.host.kernel;
    kernelNetwork.connectHost({ address: "10.0.2.15/24", gateway: "10.0.2.2" });
    kernelNetwork.internet.register(nameServer(kernelNetwork.internet, ["10.0.2.3"]));
    kernelNetwork.internet.register({
      names: ["example.com"],
      addresses: ["93.184.216.34"],
      tcp: (port) =>
        port !== 80
          ? undefined
          : (connection, peer) => {
              void (async () => {
                await connection.source.read();
                await connection.sink.write(utf8(`world sees ${peer.address}`));
                connection.sink.close();
              })();
            },
    });
    await this.driver.createNetwork(this.bridge);
    await this.driver.createNetwork(this.other);
    return this;
  }

  async start(name: string, of: NetworkSpec, number: number, last: number, args: string[]) {
    const names: Record<string, string> = { web: "172.17.0.2" };
    const resolver = {
      resolve: (_sandbox: string, asked: string) => (names[asked] ? [names[asked]] : undefined),
      reverse: () => undefined,
    };
    await this.driver.createSandbox(name, { dns: { resolver, upstream: ["10.0.2.3"] } });
    const place = endpoint(`end-${name}`, of, number, last);
    await this.driver.join(name, of, place);
    const io = collectedIo();
    const task = await this.runtime.create(this.host.spec(args, { sandbox: name }), io);
    await task.start();
    return { task, place };
  }

  async exec(task: Task, args: string[]): Promise<string> {
    const io = collectedIo();
    const exec = await task.exec("x", this.host.spec(args).process, io);
    await exec.start();
    await this.host.kernel.loop.runUntil(exec.wait());
    return io.output();
  }
}

test("containers of one network reach each other, not those of another, and the world through NAT", async () => {
  const net = await new Net().up();
  const web = await net.start("web", net.bridge, 17, 2, ["serve", "80"]);
  const near = await net.start("near", net.bridge, 17, 3, ["sleep"]);
  const far = await net.start("far", net.other, 18, 2, ["sleep"]);
  await net.host.pass(1);
  expect(await net.exec(near.task, ["dial", "172.17.0.2", "80"])).toBe("172.17.0.3 sent 5");
  expect(await net.exec(near.task, ["dial", "172.17.0.2", "81"])).toBe("ECONNREFUSED");
  expect(await net.exec(near.task, ["dial", "172.17.0.9", "80"])).toBe("EHOSTUNREACH");
  expect(await net.exec(far.task, ["dial", "172.17.0.2", "80"])).toBe("ETIMEDOUT");
  expect(await net.exec(near.task, ["dial", "93.184.216.34", "80"])).toBe("world sees 10.0.2.15");
  expect(await net.exec(near.task, ["dial", "93.184.216.34", "81"])).toBe("ECONNREFUSED");
  expect(await net.exec(near.task, ["ping", "172.17.0.2"])).toBe("type 0");
  expect(await net.exec(far.task, ["ping", "172.17.0.2"])).toBe("nothing");
  expect((await net.host.run("dial", ["172.17.0.2", "80"])).output).toBe("172.17.0.1 sent 5");
  const { networks } = await web.task.stats();
  expect(networks["eth0"]!.rxBytes).toBeGreaterThan(100);
});

test("the embedded name server knows its network's names and asks others for the rest", async () => {
  const net = await new Net().up();
  const near = await net.start("near", net.bridge, 17, 3, ["sleep"]);
  expect(await net.exec(near.task, ["ask", "web"])).toBe("0 172.17.0.2");
  expect(await net.exec(near.task, ["ask", "example.com"])).toBe("0 93.184.216.34");
  expect(await net.exec(near.task, ["ask", "no.such"])).toMatch(/^3 /);
});

test("a published port is reached on the host, by its address, from outside, and by other containers", async () => {
  const net = await new Net().up();
  const changes: string[] = [];
  net.host.kernel.network.onHostPort((change, port) =>
    changes.push(`${change} ${port.address}:${port.port}`),
  );
  const web = await net.start("web", net.bridge, 17, 2, ["serve", "80", "http"]);
  const far = await net.start("far", net.other, 18, 2, ["sleep"]);
  const mapping = { protocol: "tcp", containerPort: 80, hostIp: "0.0.0.0", hostPort: 8080 } as const;
  expect(await net.driver.publish("web", web.place, mapping)).toEqual(mapping);
  await expect(net.driver.publish("web", web.place, mapping)).rejects.toThrow(
    "Bind for 0.0.0.0:8080 failed: port is already allocated",
  );
  await net.host.pass(1);
  expect((await net.host.run("dial", ["127.0.0.1", "8080"])).output).toContain("172.17.0.1 sent 5");
  expect((await net.host.run("dial", ["10.0.2.15", "8080"])).output).toContain("sent 5");
  expect(await net.exec(far.task, ["dial", "172.18.0.1", "8080"])).toContain("sent 5");
  const http = simulatedHttpClient(net.host.kernel);
  const get = async (url: string) => {
    const response = await http({ method: "GET", url, headers: {}, body: sourceOf() });
    return `${response.status} ${text((await response.body.read())!)}`;
  };
  expect(await net.host.kernel.loop.runUntil(get("http://localhost:8080/"))).toMatch(
    /^200 172\.17\.0\.1 sent \d+$/,
  );
  await expect(net.host.kernel.loop.runUntil(get("https://localhost:8080/"))).rejects.toThrow(
    "http: server gave HTTP response to HTTPS client",
  );
  await expect(net.host.kernel.loop.runUntil(get("http://localhost:81/"))).rejects.toThrow(
    "dial tcp 127.0.0.1:81: connect: connection refused",
  );
  await expect(net.host.kernel.loop.runUntil(get("http://no.such/"))).rejects.toThrow(
    "dial tcp: lookup no.such: no such host",
  );
  const outside = await net.host.kernel.loop.runUntil(
    net.host.kernel.network.connectFromOutside("0.0.0.0", 8080),
  );
  await outside.sink.write(utf8("GET"));
  expect(text((await net.host.kernel.loop.runUntil(outside.source.read()))!)).toContain("sent 3");
  await net.driver.unpublish("web", web.place, mapping);
  expect(changes).toEqual(["open 0.0.0.0:8080", "close 0.0.0.0:8080"]);
  expect((await net.host.run("dial", ["127.0.0.1", "8080"])).output).toBe("ECONNREFUSED");
});

test("the firewall's rules are Docker's", async () => {
  const net = await new Net().up();
  const web = await net.start("web", net.bridge, 17, 2, ["sleep"]);
  await net.driver.publish("web", web.place, {
    protocol: "tcp",
    containerPort: 80,
    hostIp: "0.0.0.0",
    hostPort: 8080,
  });
  const { firewall } = net.host.kernel.network.host;
  expect(firewall.save("nat")).toEqual([
    "*nat",
    ":PREROUTING ACCEPT [0:0]",
    ":INPUT ACCEPT [0:0]",
    ":OUTPUT ACCEPT [0:0]",
    ":POSTROUTING ACCEPT [0:0]",
    ":DOCKER - [0:0]",
    "-A PREROUTING -m addrtype --dst-type LOCAL -j DOCKER",
    "-A OUTPUT ! -d 127.0.0.0/8 -m addrtype --dst-type LOCAL -j DOCKER",
    "-A POSTROUTING -s 172.17.0.0/16 ! -o docker0 -j MASQUERADE",
    "-A POSTROUTING -s 172.18.0.0/16 ! -o br-other -j MASQUERADE",
    "-A DOCKER -i docker0 -j RETURN",
    "-A DOCKER -i br-other -j RETURN",
    "-A DOCKER ! -i docker0 -p tcp -m tcp --dport 8080 -j DNAT --to-destination 172.17.0.2:80",
    "COMMIT",
  ]);
  expect(firewall.save("filter")).toContain(
    "-A DOCKER -d 172.17.0.2/32 ! -i docker0 -o docker0 -p tcp -m tcp --dport 80 -j ACCEPT",
  );
});
