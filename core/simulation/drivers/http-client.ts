import { exchangeOver } from "../../distribution/http-exchange.ts";
import type { HttpClient } from "../../distribution/http.ts";
import { Errno } from "../../files/filesystem.ts";
import { text, utf8, type ByteDuplex } from "../../platform/bytes.ts";
import { strerror } from "../kernel/errno-text.ts";
import { Cancellation } from "../../platform/cancellation.ts";
import type { Kernel } from "../kernel/kernel.ts";
import { parseIPv4, parseIPv6 } from "../network/addresses.ts";
import { deliver } from "../network/delivery.ts";
import { hostAddresses } from "../network/host-names.ts";

/** The first bytes of a TLS connection; with them a server of plain HTTP knows that this is none of its requests. */
const tlsHello = utf8("\x16\x03\x01\x02 client hello\r\n\r\n");

/** Milliseconds. */
const handshakeTimeout = 10_000;

interface Target {
  secure: boolean;
  host: string;
  port: number;
}

function targetOf(url: string): Target {
  const match = /^(https?):\/\/(\[[0-9a-fA-F:]+\]|[^/:?#]+)(?::(\d+))?/.exec(url);
  if (!match) throw new Error(`parse ${JSON.stringify(url)}: invalid URI for request`);
  const secure = match[1] === "https";
  return { secure, host: match[2]!.replace(/^\[|\]$/g, ""), port: Number(match[3] ?? (secure ? 443 : 80)) };
}

/**
 * HTTP over the simulated network, from the host's own stack: how the daemon reaches registries. Errors are in Go's
 * words. There is no TLS here but that of the simulated internet's hosts, which take a request as it is.
 */
export function simulatedHttpClient(kernel: Kernel): HttpClient {
  return async (request) => {
    const target = targetOf(request.url);
    const { host, port } = target;
    const literal = parseIPv4(host) !== undefined || parseIPv6(host) !== undefined;
    const addresses = literal ? [host] : await hostAddresses(kernel, host);
    let failure = new Error(`dial tcp: lookup ${host}: no such host`);
    for (const address of addresses) {
      const internet = internetHost(kernel, address, port);
      if (internet?.http && (port === 443 || port === 80)) return internet.http(request);
      try {
        const connection = await kernel.network.dialDuplex(kernel.network.host, { address, port });
        if (target.secure) await startTls(kernel, connection);
        return await exchangeOver(connection, request);
      } catch (error) {
        if (!(error instanceof Errno)) throw error;
        const place = address.includes(":") ? `[${address}]:${port}` : `${address}:${port}`;
        const reason =
          error.code === "ETIMEDOUT" ? "i/o timeout" : `connect: ${strerror(error.code).toLowerCase()}`;
        failure = new Error(`dial tcp ${place}: ${reason}`);
      }
    }
    throw failure;
  };
}

/** The host of the simulated internet that packets to an address come to, if the way there is open. */
function internetHost(kernel: Kernel, address: string, port: number) {
  const { network } = kernel;
  const packet = {
    protocol: "tcp",
    source: { address: "", port: 0 },
    destination: { address, port },
  } as const;
  const delivery = deliver(network.host, packet, network.internet);
  return delivery.kind === "internet" ? delivery.host : undefined;
}

/** Tries to speak TLS with a server that does not: throws what Go says of its answer. */
async function startTls(kernel: Kernel, { source, sink }: ByteDuplex): Promise<never> {
  await sink.write(tlsHello);
  const waiting = new Cancellation();
  const late = kernel.time.sleep(handshakeTimeout, waiting).then(() => "late" as const);
  const answer = await Promise.race([source.read(), late]);
  waiting.cancel();
  sink.close();
  source.cancel();
  if (answer === "late") throw new Error("net/http: TLS handshake timeout");
  if (!answer) throw new Error("EOF");
  if (text(answer).startsWith("HTTP/")) throw new Error("http: server gave HTTP response to HTTPS client");
  throw new Error("tls: first record does not look like a TLS handshake");
}
