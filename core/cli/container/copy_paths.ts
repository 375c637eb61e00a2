import { baseName, cleanFilePath, directoryOf } from "../paths.ts";

// docker cp tells "dir" from "dir/" and "dir/.": the first may be created by the name of what is copied, the second has
// to be a directory, the third means what is in it.

const endsWithSeparator = (path: string) => path.endsWith("/");
const meansContent = (path: string) => /(^|\/)\.\/*$/.test(path);

export const assertsDirectory = (path: string) => endsWithSeparator(path) || meansContent(path);

/** `cleaned` with the "/." or "/" at the end that cleaning took from `original`. */
export function keepEnding(cleaned: string, original: string): string {
  let path = cleaned;
  if (!meansContent(path) && meansContent(original)) path += endsWithSeparator(path) ? "." : "/.";
  if (!endsWithSeparator(path) && endsWithSeparator(original)) path += "/";
  return path;
}

/** Directory and last element; "." is an element when the path ends in it. */
export function splitEntry(path: string): [directory: string, base: string] {
  const cleaned = cleanFilePath(path);
  if (meansContent(path)) return [cleaned, "."];
  return [directoryOf(cleaned), baseName(cleaned)];
}

/** What is copied, or where to. */
export interface CopyPlace {
  path: string;
  exists: boolean;
  isDirectory: boolean;
  /** The name that entries get instead of the path's own last element; "" for none. */
  rebaseName: string;
}

/** A path whose symbolic link led to `resolved`, with the name that the archive is to show. */
export function resolvedPlace(path: string, resolved: string): { path: string; rebaseName: string } {
  const kept = keepEnding(resolved, path);
  const same = lastElement(path) === lastElement(kept);
  return { path: kept, rebaseName: same ? "" : lastElement(path) };
}

/** Go's filepath.Base. */
function lastElement(path: string): string {
  return meansContent(path) ? "." : baseName(path);
}

/** Where an archive of `source` is to be unpacked for it to arrive at `destination`, and how its entries are called there. */
export function planCopy(
  source: CopyPlace,
  destination: CopyPlace,
): { directory: string; rename: (name: string) => string } {
  const [directory, base] = splitEntry(destination.path);
  const from = source.rebaseName || splitEntry(source.path)[1];
  const renamed = { directory, rename: renameFirst(from, base) };
  if (destination.exists) {
    if (destination.isDirectory) return { directory: destination.path, rename: (name) => name };
    if (source.isDirectory) throw new Error("cannot copy directory");
    return renamed;
  }
  if (!source.isDirectory && assertsDirectory(destination.path)) throw new Error("no such directory");
  return renamed;
}

/** Puts `to` in the place of the first `from` in a name. */
export function renameFirst(from: string, to: string): (name: string) => string {
  const found = from === "/" ? "" : from;
  return (name) => {
    const at = name.indexOf(found);
    return at < 0 ? name : name.slice(0, at) + to + name.slice(at + found.length);
  };
}
