import type { HttpClient } from "../../distribution/http.ts";
import type { Kernel } from "../kernel/kernel.ts";
export function simulatedHttpClient(kernel: Kernel): HttpClient {
  return async (request) => {
    const host = /^https?:\/\/([^/:]+)/.exec(request.url)![1]!;
    const addresses = kernel.network.internet.resolve(host, 4);
    const h: any = addresses && kernel.network.internet.host(addresses[0]!);
    if (h?.http) return h.http(request);
    throw new Error("dial tcp: lookup " + host + ": no such host");
  };
}
