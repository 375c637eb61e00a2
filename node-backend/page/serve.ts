import { once } from "node:events";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import sirv from "sirv";

/** The page's own headers: nothing from elsewhere is loaded, and nobody frames it. */
const headers = {
  "content-security-policy":
    "default-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; worker-src 'self' blob:; frame-ancestors 'none'; base-uri 'none'",
  "x-content-type-options": "nosniff",
  "referrer-policy": "no-referrer",
  "cross-origin-opener-policy": "same-origin",
};

/**
 * Serves the built page from `directory` at 127.0.0.1. Answers only requests whose Host is this machine's own, so that a
 * name rebound to it gets nothing.
 */
export async function servePage(
  directory: string,
  port: number,
): Promise<{ address: string; server: Server }> {
  const files = sirv(directory, {
    etag: true,
    gzip: false,
    single: false,
    setHeaders: (response) => setHeaders(response),
  });
  const server = createServer((request, response) => {
    if (!/^(127\.0\.0\.1|localhost|\[::1\])(:\d+)?$/.test(request.headers.host ?? "")) {
      response
        .writeHead(403, { "content-type": "text/plain" })
        .end("This address answers only as 127.0.0.1 or localhost.\n");
      return;
    }
    files(request, response, () => {
      response.writeHead(404, { "content-type": "text/plain" }).end("Not found.\n");
    });
  });
  server.listen(port, "127.0.0.1");
  await once(server, "listening");
  return { address: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`, server };
}

function setHeaders(response: { setHeader(name: string, value: string): unknown }): void {
  for (const [name, value] of Object.entries(headers)) response.setHeader(name, value);
}
