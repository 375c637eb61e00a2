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

/** `size` with four significant digits in the unit that keeps it under `base`, like "%.4g%s". */
function scaled(size: number, base: number, units: readonly string[]): string {
  let at = 0;
  while (size >= base && at < units.length - 1) {
    size /= base;
    at++;
  }
  return significant(size, 4) + units[at]!;
}

/** Go's %.Ng: N significant digits, no trailing zeros. */
export function significant(value: number, digits: number): string {
  if (value === 0) return "0";
  const exponent = Math.floor(Math.log10(Math.abs(Number(value.toPrecision(digits)))));
  if (exponent < -4 || exponent >= digits) {
    const [mantissa = "", power = ""] = value.toExponential(digits - 1).split("e");
    const shown = mantissa.includes(".") ? mantissa.replace(/\.?0+$/, "") : mantissa;
    return `${shown}e${power[0]}${power.slice(1).padStart(2, "0")}`;
  }
  return String(Number(value.toPrecision(digits)));
}

/** A size in steps of 1000: "4.13MB". */
export function humanSize(bytes: number, precision = 4): string {
  let at = 0;
  const units = ["B", "kB", "MB", "GB", "TB", "PB", "EB", "ZB", "YB"];
  while (bytes >= 1000 && at < units.length - 1) {
    bytes /= 1000;
    at++;
  }
  return significant(bytes, precision) + units[at]!;
}

/** A size in steps of 1024: "3.875MiB". */
export function binarySize(bytes: number): string {
  return scaled(bytes, 1024, ["B", "KiB", "MiB", "GiB", "TiB", "PiB", "EiB", "ZiB", "YiB"]);
}
