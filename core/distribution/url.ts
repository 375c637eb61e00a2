/** The parts of an absolute address that a registry client needs. */
export interface HttpUrl {
  scheme: "http" | "https";
  /** With the port, if it is written. */
  host: string;
  /** Path and query. */
  target: string;
}

/** Throws an Error for what is no http address. */
export function parseUrl(url: string): HttpUrl {
  const parts = /^(https?):\/\/([^/?#]+)([^#]*)/.exec(url);
  if (!parts) throw new Error(`parse ${JSON.stringify(url)}: invalid URI for request`);
  const [, scheme, host = "", target = ""] = parts;
  return {
    scheme: scheme as HttpUrl["scheme"],
    host,
    target: target.startsWith("/") ? target : `/${target}`,
  };
}

/** An address that a server gave, perhaps relative to the one that was asked. */
export function resolveUrl(base: string, location: string): string {
  if (/^https?:\/\//.test(location)) return location;
  const { scheme, host, target } = parseUrl(base);
  if (location.startsWith("//")) return `${scheme}:${location}`;
  if (location.startsWith("/")) return `${scheme}://${host}${location}`;
  const path = target.split("?")[0]!;
  return `${scheme}://${host}${path.slice(0, path.lastIndexOf("/") + 1)}${location}`;
}

/** `url` with more in its query. */
export function withQuery(url: string, values: Readonly<Record<string, string>>): string {
  const added = Object.entries(values).map(
    ([name, value]) => `${encodeURIComponent(name)}=${encodeURIComponent(value)}`,
  );
  return added.length === 0 ? url : `${url}${url.includes("?") ? "&" : "?"}${added.join("&")}`;
}
