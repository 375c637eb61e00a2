/** Query values as Go's url.Values.Encode writes them: names sorted, spaces as "+"; undefined ones are left out. */
export type Query = Readonly<Record<string, string | number | boolean | readonly string[] | undefined>>;

export function encodeQuery(query: Query): string {
  const parts: string[] = [];
  for (const name of Object.keys(query).sort()) {
    const value = query[name];
    if (value === undefined) continue;
    for (const one of Array.isArray(value) ? (value as string[]) : [String(value)])
      parts.push(`${escapeQuery(name)}=${escapeQuery(one)}`);
  }
  return parts.join("&");
}

function escapeQuery(text: string): string {
  return encodeURIComponent(text)
    .replace(/[!'()*]/g, percent)
    .replaceAll("%20", "+");
}

function percent(character: string): string {
  return "%" + character.charCodeAt(0).toString(16).toUpperCase();
}

/** A path as Go writes it in a URL, after path.Join has cleaned it. */
export function encodePath(path: string): string {
  return encodeURI(cleanPath(path))
    .replace(/[?#!'()*[\]]/g, percent)
    .replace(/%5B|%5D/gi, (found) => found.toUpperCase());
}

/** Go's path.Clean of an absolute path. */
export function cleanPath(path: string): string {
  const parts: string[] = [];
  for (const part of path.split("/")) {
    if (part === "..") parts.pop();
    else if (part !== "" && part !== ".") parts.push(part);
  }
  return "/" + parts.join("/");
}
