const binary: Record<string, number> = { k: 2 ** 10, m: 2 ** 20, g: 2 ** 30, t: 2 ** 40, p: 2 ** 50 };

/** The bytes that a size of memory says, in steps of 1024: "512m", "1.5 GiB", "64". Throws go-units' errors. */
export function parseMemory(input: string): number {
  const separator = Math.max(...[..."01234567890. "].map((character) => input.lastIndexOf(character)));
  if (separator === -1) throw new Error(`invalid size: '${input}'`);
  const number = input[separator] === " " ? input.slice(0, separator) : input.slice(0, separator + 1);
  const suffix = input.slice(separator + 1);
  const unit = suffix.length > 3 ? suffix : suffix.toLowerCase();
  if (!/^[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?$/.test(number))
    throw new Error(`strconv.ParseFloat: parsing "${number}": invalid syntax`);
  const size = Number(number);
  if (size < 0) throw new Error(`invalid size: '${input}'`);
  if (unit === "" || unit === "b") return Math.trunc(size);
  const factor = /^[kmgtp](i?b)?$/.test(unit) ? binary[unit[0]!] : undefined;
  if (factor === undefined) throw new Error(`invalid suffix: '${unit}'`);
  return Math.trunc(size * factor);
}
