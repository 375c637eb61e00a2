import dgram from "node:dgram";
import { once } from "node:events";
import net from "node:net";
import type { EndpointSpec, NetworkDriver, PortMapping } from "../../core/networks/driver.ts";
import { pump, type ByteDuplex } from "../../core/platform/bytes.ts";
import type { Trace } from "../../core/steps/trace.ts";
import { sinkInto, sourceFrom } from "../streams.ts";

/** How the real machine reaches a published port of the simulated one. */
export interface OutsideWorld {
  connect(mapping: PortMapping): Promise<ByteDuplex>;
  /** Sends a datagram; `answer` is called with each that comes back. */
  send(mapping: PortMapping, from: string, bytes: Uint8Array, answer: (bytes: Uint8Array) => void): void;
}

/**
 * A simulated network driver whose published ports are real ones too. They listen on this machine's loopback only, whatever
 * address was asked for: a simulation is nobody else's business.
 */
export class PublishedPorts implements NetworkDriver {
  readonly #driver: NetworkDriver;
  readonly #outside: OutsideWorld;
  #open = new Map<string, { close(): void }>();

  constructor(driver: NetworkDriver, outside: OutsideWorld) {
    this.#driver = driver;
    this.#outside = outside;
  }

  createNetwork: NetworkDriver["createNetwork"] = (...args) => this.#driver.createNetwork(...args);
  deleteNetwork: NetworkDriver["deleteNetwork"] = (...args) => this.#driver.deleteNetwork(...args);
  createSandbox: NetworkDriver["createSandbox"] = (...args) => this.#driver.createSandbox(...args);
  serveNames: NetworkDriver["serveNames"] = (...args) => this.#driver.serveNames(...args);
  deleteSandbox: NetworkDriver["deleteSandbox"] = (...args) => this.#driver.deleteSandbox(...args);
  join: NetworkDriver["join"] = (...args) => this.#driver.join(...args);
  leave: NetworkDriver["leave"] = (...args) => this.#driver.leave(...args);

  async publish(
    sandbox: string,
    endpoint: EndpointSpec,
    wanted: PortMapping,
    trace?: Trace,
  ): Promise<PortMapping> {
    const mapping = await this.#driver.publish(sandbox, endpoint, wanted, trace);
    const address = loopback(mapping);
    if (!address || mapping.protocol === "sctp") return mapping;
    try {
      this.#open.set(
        keyOf(mapping),
        await (mapping.protocol === "tcp" ? this.#tcp(mapping, address) : this.#udp(mapping, address)),
      );
    } catch (error) {
      await this.#driver.unpublish(sandbox, endpoint, mapping, trace);
      const { code } = error as NodeJS.ErrnoException;
      // A machine without IPv6 has no [::1]; the IPv4 address serves.
      if (code === "EADDRNOTAVAIL" || code === "EAFNOSUPPORT")
        return this.#driver.publish(sandbox, endpoint, mapping, trace);
      const reason =
        code === "EADDRINUSE"
          ? "address already in use"
          : code === "EACCES"
            ? "permission denied"
            : String(code);
      const protocol = mapping.protocol;
      throw new Error(
        `failed to bind host port for ${mapping.hostIp}:${mapping.hostPort}:${endpoint.address.split("/")[0]}:${mapping.containerPort}/${protocol}: ${reason}`,
      );
    }
    return mapping;
  }

  async unpublish(
    sandbox: string,
    endpoint: EndpointSpec,
    mapping: PortMapping,
    trace?: Trace,
  ): Promise<void> {
    this.#open.get(keyOf(mapping))?.close();
    this.#open.delete(keyOf(mapping));
    await this.#driver.unpublish(sandbox, endpoint, mapping, trace);
  }

  async #tcp(mapping: PortMapping, host: string): Promise<{ close(): void }> {
    const sockets = new Set<net.Socket>();
    const server = net.createServer({ allowHalfOpen: true, noDelay: true }, (socket) => {
      sockets.add(socket);
      socket.on("close", () => sockets.delete(socket)).on("error", () => socket.destroy());
      this.#outside.connect(mapping).then(
        ({ source, sink }) => {
          void pump(sourceFrom(socket), sink);
          void pump(source, sinkInto(socket));
        },
        () => socket.resetAndDestroy(),
      );
    });
    server.listen({ port: mapping.hostPort, host, ipv6Only: host === "::1" });
    await once(server, "listening");
    return {
      close() {
        server.close();
        for (const socket of sockets) socket.destroy();
      },
    };
  }

  async #udp(mapping: PortMapping, host: string): Promise<{ close(): void }> {
    const socket = dgram.createSocket(host === "::1" ? "udp6" : "udp4");
    socket.on("message", (bytes, { address, port }) =>
      this.#outside.send(mapping, `${address}:${port}`, bytes, (answer) =>
        socket.send(answer, port, address),
      ),
    );
    socket.bind(mapping.hostPort, host);
    await once(socket, "listening");
    return { close: () => socket.close() };
  }
}

function loopback({ hostIp }: PortMapping): string | undefined {
  if (hostIp === "::" || hostIp === "::1") return "::1";
  if (hostIp.startsWith("127.")) return hostIp;
  return hostIp.includes(":") ? undefined : "127.0.0.1";
}

function keyOf({ protocol, hostIp, hostPort }: PortMapping): string {
  return `${protocol} ${hostIp} ${hostPort}`;
}
