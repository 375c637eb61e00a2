import type { NameResolver } from "../../networks/driver.ts";
import { encodeResponse, parseQuery, responseCode, type Question } from "./dns.ts";
import type { Endpoint } from "./delivery.ts";
import { duplexOf, type StreamEnd } from "./flow.ts";
import type { NetNamespace } from "./net-namespace.ts";
import type { Network } from "./network.ts";
import { answerFrom } from "./name-server.ts";
import { concat } from "../../platform/bytes.ts";
import type { Listener } from "./tcp.ts";
import type { DatagramHolder } from "./udp.ts";

/** Docker's embedded name server in a container's network stack, at 127.0.0.11:53, for datagrams and for connections. */
export class EmbeddedDns {
  readonly #network: Network;
  readonly #namespace: NetNamespace;
  readonly #sandbox: string;
  readonly #resolver: NameResolver;
  readonly #upstream: readonly string[];
  readonly #datagrams: DatagramHolder;
  readonly #connections: Listener;

  constructor(
    network: Network,
    namespace: NetNamespace,
    sandbox: string,
    options: { resolver: NameResolver; upstream: readonly string[] },
  ) {
    this.#network = network;
    this.#namespace = namespace;
    this.#sandbox = sandbox;
    this.#resolver = options.resolver;
    this.#upstream = options.upstream;
    const place = { address: "127.0.0.11", port: 53 };
    this.#datagrams = { ...place, receive: (query, _from, reply) => this.#answer(query, reply) };
    this.#connections = { ...place, offer: (end) => this.#serve(end) };
    namespace.ports.claim("udp", this.#datagrams);
    namespace.ports.claim("tcp", this.#connections);
  }

  close(): void {
    this.#namespace.ports.release("udp", this.#datagrams);
    this.#namespace.ports.release("tcp", this.#connections);
  }

  /** What this network knows it answers itself; for the rest it asks the host's servers. */
  #answer(query: Uint8Array, reply: (response: Uint8Array) => void): void {
    const question = parseQuery(query);
    if (!question) return;
    const source = {
      resolve: (name: string, family: 4 | 6) => this.#resolver.resolve(this.#sandbox, name, family),
      reverse: (address: string) => this.#resolver.reverse(this.#sandbox, address),
    };
    const answers = answerFrom(source, question);
    if (answers) return reply(encodeResponse(question, answers));
    this.#forward(question, query, reply);
  }

  #forward(question: Question, query: Uint8Array, reply: (response: Uint8Array) => void): void {
    const server = this.#upstream[0];
    if (server === undefined)
      return reply(encodeResponse(question, [], { code: responseCode.serverFailure }));
    // A query that nobody answers is not answered: the program gives up by itself.
    const { ports } = this.#namespace;
    const port = this.#namespace.ephemeralPort((candidate) => ports.taken("udp", "0.0.0.0", candidate));
    if (port === undefined) return;
    const holder: DatagramHolder = {
      address: "0.0.0.0",
      port,
      receive(response: Uint8Array) {
        ports.release("udp", holder);
        reply(response);
      },
    };
    ports.claim("udp", holder);
    const refused = () => {
      ports.release("udp", holder);
      reply(encodeResponse(question, [], { code: responseCode.serverFailure }));
    };
    const source: Endpoint = { address: "", port };
    // Docker asks from the container's network; where that leads nowhere (an internal network), from the host's.
    const from = this.#namespace.route(server) ? this.#namespace : undefined;
    const failure = from
      ? this.#network.sendDatagram(from, source, { address: server, port: 53 }, query, refused)
      : true;
    if (failure) refused();
  }

  #serve(end: StreamEnd): boolean {
    const { source, sink } = duplexOf(end);
    void (async () => {
      let buffered: Uint8Array = new Uint8Array(0);
      for (;;) {
        const chunk = await source.read();
        if (!chunk) break;
        buffered = concat([buffered, chunk]);
        while (buffered.length >= 2) {
          const length = buffered[0]! * 256 + buffered[1]!;
          if (buffered.length < length + 2) break;
          const query = buffered.subarray(2, length + 2);
          buffered = buffered.slice(length + 2);
          this.#answer(
            query,
            (response) =>
              void sink.write(concat([Uint8Array.of(response.length >> 8, response.length & 255), response])),
          );
        }
      }
      sink.close();
    })();
    return true;
  }
}
