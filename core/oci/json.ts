/**
 * JSON as Go's encoding/json writes it: `<`, `>`, `&` and the two line separators escaped, so that what is made here has
 * the digest that it has when Docker makes it. Fields keep their order; those that are undefined are left out.
 */
export function goJson(value: unknown): string {
  return JSON.stringify(value).replace(
    /[<>&\u2028\u2029]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
}

/** An object's entries by key, as Go writes a map. Null and undefined stay. */
export function sortedMap<T extends Record<string, unknown> | null | undefined>(map: T): T {
  if (!map) return map;
  return Object.fromEntries(Object.entries(map).sort(([a], [b]) => (a < b ? -1 : 1))) as T;
}
