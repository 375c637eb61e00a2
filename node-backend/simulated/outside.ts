import type { PortMapping } from "../../core/networks/driver.ts";
import type { Kernel } from "../../core/simulation/kernel/kernel.ts";
import type { OutsideWorld } from "./published-ports.ts";

/** The way from the real machine's loopback into the simulated host, through its published ports. */
export function outsideOf(kernel: () => Kernel): OutsideWorld {
  /** For each real peer its port on the simulated host, where answers come back to. */
  const peers = new Map<string, { port: number; answer: (bytes: Uint8Array) => void }>();
  return {
    connect({ hostIp, hostPort }) {
      const { loop, network } = kernel();
      loop.input(() => {});
      return network.connectFromOutside(inside(hostIp), hostPort);
    },
    send({ hostIp, hostPort }, from, bytes, answer) {
      const { loop, network } = kernel();
      loop.input(() => {
        let peer = peers.get(from);
        if (!peer) {
          const { host } = network;
          const port = host.ephemeralPort((candidate) => host.ports.taken("udp", "0.0.0.0", candidate)) ?? 0;
          const made = { port, answer };
          host.ports.claim(
            "udp",
            Object.assign(
              { address: "127.0.0.1", port },
              { receive: (reply: Uint8Array) => made.answer(reply) },
            ),
          );
          peers.set(from, (peer = made));
        }
        peer.answer = answer;
        const source = { address: "127.0.0.1", port: peer.port };
        network.sendDatagram(
          network.host,
          source,
          { address: inside(hostIp), port: hostPort },
          bytes,
          () => {},
        );
      });
    },
  };
}

/** Where on the simulated host a port that is published at `hostIp` is reached. */
function inside(hostIp: PortMapping["hostIp"]): string {
  return hostIp === "0.0.0.0" || hostIp === "::" ? "127.0.0.1" : hostIp;
}
