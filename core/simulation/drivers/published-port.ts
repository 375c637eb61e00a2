import type { EndpointSpec, PortMapping } from "../../networks/driver.ts";
import type { Endpoint } from "../network/delivery.ts";
import type { Network } from "../network/network.ts";
import type { Listener } from "../network/tcp.ts";
import type { DatagramHolder } from "../network/udp.ts";

/**
 * docker-proxy: it holds a published port of the host, and passes on what the firewall's rules do not send to the
 * container by themselves (connections from the host to itself, and from containers of the same network).
 */
export class PublishedPort {
  readonly #network: Network;
  readonly #mapping: PortMapping;
  readonly #holder: Listener | DatagramHolder;

  /** Throws Errno EADDRINUSE, EADDRNOTAVAIL. */
  constructor(network: Network, endpoint: EndpointSpec, mapping: PortMapping) {
    this.#network = network;
    this.#mapping = mapping;
    const { host } = network;
    const place = { address: mapping.hostIp, port: mapping.hostPort };
    const six = mapping.hostIp.includes(":") && !endpoint.address;
    const target: Endpoint = {
      address: (six ? endpoint.address6 : endpoint.address).split("/")[0]!,
      port: mapping.containerPort,
    };
    network.checkBind(
      host,
      mapping.protocol === "udp" ? "udp" : "tcp",
      { family: six ? "inet6" : "inet", ...place },
      network.kernel.init,
    );
    if (mapping.protocol === "udp") {
      const relay: DatagramHolder = {
        ...place,
        receive: (bytes, _from, reply) => relayDatagram(network, target, bytes, reply),
      };
      host.ports.claim("udp", relay);
      this.#holder = relay;
    } else {
      const relay: Listener = {
        ...place,
        offer(end) {
          network.relay(host, target, end);
          return true;
        },
      };
      host.ports.claim("tcp", relay);
      this.#holder = relay;
    }
    network.hostPort("open", { protocol: mapping.protocol === "udp" ? "udp" : "tcp", ...place });
  }

  close(): void {
    const protocol = this.#mapping.protocol === "udp" ? "udp" : "tcp";
    this.#network.host.ports.release(protocol, this.#holder);
    this.#network.hostPort("close", {
      protocol,
      address: this.#mapping.hostIp,
      port: this.#mapping.hostPort,
    });
  }
}

/** Passes one datagram on from a port of the host's own, and its answers back. */
function relayDatagram(
  network: Network,
  target: Endpoint,
  bytes: Uint8Array,
  reply: (bytes: Uint8Array) => void,
): void {
  const { ports } = network.host;
  const port = network.host.ephemeralPort((candidate) => ports.taken("udp", "0.0.0.0", candidate));
  if (port === undefined) return;
  const holder: DatagramHolder = { address: "0.0.0.0", port, receive: (answer) => reply(answer) };
  ports.claim("udp", holder);
  const release = () => ports.release("udp", holder);
  // As docker-proxy, it forgets a client that has been silent for 90 seconds.
  network.kernel.time.at(network.kernel.time.elapsed + 90e9, release);
  if (network.sendDatagram(network.host, { address: "", port }, target, bytes, release)) release();
}
