import { serveHttpConnection } from "../../api/http-connection.ts";
import type { HttpRequest, HttpResponse } from "../../distribution/http.ts";
import { Cancellation } from "../../platform/cancellation.ts";
import type { MetadataStore } from "../../platform/metadata.ts";
import type { Kernel } from "../kernel/kernel.ts";
import type { Hub } from "./hub.ts";

/** The simulated Docker Hub's machines. */
const hosts: readonly { names: string[]; address: string }[] = [
  { names: ["registry-1.docker.io", "docker.io"], address: "44.208.254.194" },
  { names: ["auth.docker.io"], address: "44.193.181.103" },
  { names: ["index.docker.io", "hub.docker.com"], address: "54.198.86.24" },
];

const fetchHub = () => Promise.all([import("./hub.ts"), import("./catalogue/catalogue.ts")]);

/** Fetches what Docker Hub offers before it is wanted. */
export async function prefetchHub(): Promise<void> {
  await fetchHub();
}

/**
 * Puts Docker Hub into a simulated internet: the registry, its tokens and its search. Which publications of a tag have been
 * pulled is kept in `metadata`, so that a reboot does not bring old images back. What it offers is fetched when it is first
 * asked.
 */
export function connectHub(kernel: Kernel, metadata?: MetadataStore): void {
  let hub: Hub | undefined;
  // Also where the code had been fetched before, the first question of a boot waits for it: see KernelLoop.load.
  const fetching = async (): Promise<Hub> => {
    const [{ Hub }, { catalogue }] = await fetchHub();
    return (hub ??= new Hub(catalogue, metadata));
  };
  const answer = async (request: HttpRequest): Promise<HttpResponse> =>
    (hub ?? (await kernel.loop.load(fetching()))).answer(request);
  for (const { names, address } of hosts) {
    kernel.network.internet.register({
      names,
      addresses: [address],
      http: answer,
      tcp: (port) => {
        if (port !== 443 && port !== 80) return undefined;
        const scheme = port === 443 ? "https" : "http";
        return (connection) =>
          void serveHttpConnection(connection, ({ method, target, headers, body, cancellation }) => {
            const url = `${scheme}://${headers.host ?? names[0]}${target}`;
            return answer({
              method,
              url,
              headers: { ...headers },
              body,
              cancellation: cancellation ?? new Cancellation(),
            });
          });
      },
      roundTrip: 20,
    });
  }
}
