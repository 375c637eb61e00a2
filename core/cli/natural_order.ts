/** Compares names so that "web2" comes before "web10" (github.com/fvbommel/sortorder's NaturalLess). */
export function naturalCompare(a: string, b: string): number {
  const [left, right] = [a.match(/\d+|\D/gu) ?? [], b.match(/\d+|\D/gu) ?? []];
  for (let i = 0; i < left.length && i < right.length; i++) {
    const [x, y] = [left[i]!, right[i]!];
    const numbers = /\d/.test(x) && /\d/.test(y);
    if (!numbers) {
      if (x !== y) return x < y ? -1 : 1;
      continue;
    }
    const [m, n] = [BigInt(x), BigInt(y)];
    if (m !== n) return m < n ? -1 : 1;
    // The same number: the one with fewer zeros before it is less.
    if (x.length !== y.length) return x.length - y.length;
  }
  return left.length - right.length;
}
