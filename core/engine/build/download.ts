import type { Download } from "../../build/backend.ts";
import { goQuote } from "../../build/gotext.ts";
import type { Cancellation } from "../../platform/cancellation.ts";
import type { Engine } from "../engine.ts";

const REDIRECTS = [301, 302, 303, 307, 308];

/** Fetches a URL through the engine's own way to the network, following at most ten redirects, as Go's client does. */
export async function download(engine: Engine, url: string, cancellation: Cancellation): Promise<Download> {
  let at = url;
  for (let redirects = 0; ; redirects++) {
    const response = await get(engine, at, cancellation);
    const { status, headers, body } = response;
    const location = headers.location;
    if (!REDIRECTS.includes(status) || !location) {
      const length = headers["content-length"];
      return {
        status,
        statusText: `${status} ${STATUS[status] ?? ""}`.trim(),
        headers,
        body,
        length: length === undefined ? undefined : Number(length),
      };
    }
    body.cancel();
    if (redirects === 10) throw new Error(`Get ${goQuote(location)}: stopped after 10 redirects`);
    at = absolute(location, at);
  }
}

async function get(engine: Engine, url: string, cancellation: Cancellation) {
  try {
    return await engine.http({ method: "GET", url, headers: {}, body: null, cancellation });
  } catch (error) {
    throw new Error(`Get ${goQuote(url)}: ${(error as Error).message}`);
  }
}

function absolute(location: string, base: string): string {
  if (/^https?:\/\//.test(location)) return location;
  const [, origin = "", path = ""] = /^(https?:\/\/[^/]*)([^?#]*)/.exec(base) ?? [];
  if (location.startsWith("//")) return `${origin.split("//")[0]}${location}`;
  if (location.startsWith("/")) return origin + location;
  return `${origin}${path.replace(/[^/]*$/, "") || "/"}${location}`;
}

const STATUS: Record<number, string> = {
  200: "OK",
  400: "Bad Request",
  401: "Unauthorized",
  403: "Forbidden",
  404: "Not Found",
  405: "Method Not Allowed",
  410: "Gone",
  429: "Too Many Requests",
  500: "Internal Server Error",
  502: "Bad Gateway",
  503: "Service Unavailable",
};
