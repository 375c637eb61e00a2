import type { HttpClient } from "../../distribution/http.ts";
import type { ByteDuplex } from "../../platform/bytes.ts";
import { normal } from "./addresses.ts";
import type { Endpoint } from "./delivery.ts";

/** A host of the simulated internet: what is reached beyond the simulated machine. */
export interface InternetHost {
  /** "registry-1.docker.io" and what else it is called. */
  names: readonly string[];
  addresses: readonly string[];
  /** Answers a connection to `port`; undefined where it refuses. The connection's other end is the handler's. */
  tcp?(port: number): ((connection: ByteDuplex, peer: Endpoint) => void) | undefined;
  /** Answers a datagram; null for no answer. */
  udp?(port: number): ((datagram: Uint8Array) => Uint8Array | null) | undefined;
  /**
   * Answers a request over HTTP that is handed over as it is: for the engine's own, so that what is made when it is read
   * (the layers of a catalogue) need not be sent as bytes. As `tcp` of ports 443 and 80 would answer.
   */
  http?: HttpClient;
  /** Milliseconds to there and back. */
  roundTrip?: number;
}

/** The hosts of the simulated internet, by address and by name. Its name server is one of them. */
export class Internet {
  readonly #byAddress = new Map<string, InternetHost>();
  readonly #byName = new Map<string, InternetHost>();

  /** Adds a host; returns what takes it away. */
  register(host: InternetHost): () => void {
    for (const address of host.addresses) this.#byAddress.set(normal(address), host);
    for (const name of host.names) this.#byName.set(name.toLowerCase(), host);
    return () => {
      for (const address of host.addresses) this.#byAddress.delete(normal(address));
      for (const name of host.names) this.#byName.delete(name.toLowerCase());
    };
  }

  host(address: string): InternetHost | undefined {
    return this.#byAddress.get(normal(address));
  }

  /** Addresses of `name`; undefined when there is no such host (NXDOMAIN). */
  resolve(name: string, family: 4 | 6): string[] | undefined {
    const host = this.#byName.get(name.toLowerCase().replace(/\.$/, ""));
    return host?.addresses.filter((address) => address.includes(":") === (family === 6));
  }

  /** The name of an address. */
  reverse(address: string): string | undefined {
    return this.host(address)?.names[0];
  }
}
