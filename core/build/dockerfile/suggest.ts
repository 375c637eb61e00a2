/** `message` with " (did you mean X?)" when one of `options` is less than three edits away from `value`. */
export function withSuggestion(
  message: string,
  value: string,
  options: readonly string[],
  caseSensitive: boolean,
): string {
  const wanted = caseSensitive ? value : value.toLowerCase();
  let match = "";
  let nearest = 3;
  for (const option of options) {
    const candidate = caseSensitive ? option : option.toLowerCase();
    if (candidate === wanted) return message;
    const distance = editDistance(wanted, candidate);
    if (distance >= nearest) continue;
    nearest = distance;
    match =
      !caseSensitive && value === value.toUpperCase() && value !== value.toLowerCase()
        ? candidate.toUpperCase()
        : candidate;
  }
  return match === "" ? message : `${message} (did you mean ${match}?)`;
}

/** How many characters have to be put in, taken out or changed (Levenshtein). */
function editDistance(from: string, to: string): number {
  let row = [...Array(to.length + 1).keys()];
  for (let i = 1; i <= from.length; i++) {
    const next = [i];
    for (let j = 1; j <= to.length; j++)
      next.push(Math.min(row[j]! + 1, next[j - 1]! + 1, row[j - 1]! + (from[i - 1] === to[j - 1] ? 0 : 1)));
    row = next;
  }
  return row[to.length]!;
}
