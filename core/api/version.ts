/** The newest version of the API that is spoken: Docker Engine 28.5. */
export const apiVersion = "1.51";
/** The oldest one. */
export const minApiVersion = "1.24";

/** Compares "1.9" and "1.24" by their numbers; below, at or above 0 as `one` is older, the same or newer. */
export function compareVersions(one: string, other: string): number {
  const left = one.split(".").map(Number);
  const right = other.split(".").map(Number);
  for (let at = 0; at < Math.max(left.length, right.length); at++) {
    const difference = (left[at] ?? 0) - (right[at] ?? 0);
    if (difference !== 0) return difference;
  }
  return 0;
}

/** True where `version` has what came with `since`. */
export function atLeast(version: string, since: string): boolean {
  return compareVersions(version, since) >= 0;
}
