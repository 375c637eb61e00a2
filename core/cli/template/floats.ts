/** A number's digits: `0.d1d2d3… × 10^exponent`, no zeros at the end; none at all for zero. */
interface Decimal {
  digits: string;
  exponent: number;
}

/** The number's exact decimal value: a double is a whole number times a power of two. */
function exact(number: number): Decimal {
  const view = new DataView(new ArrayBuffer(8));
  view.setFloat64(0, number);
  const bits = view.getBigUint64(0);
  const biased = Number((bits >> 52n) & 0x7ffn);
  const mantissa = (bits & 0xfffffffffffffn) | (biased === 0 ? 0n : 1n << 52n);
  const power = Math.max(biased, 1) - 1075;
  const scaled = power >= 0 ? mantissa << BigInt(power) : mantissa * 5n ** BigInt(-power);
  const digits = scaled === 0n ? "" : scaled.toString();
  return trimmed({ digits, exponent: digits.length + Math.min(power, 0) });
}

/** The fewest digits that still mean this number. */
function shortest(number: number): Decimal {
  if (number === 0) return { digits: "", exponent: 0 };
  const [mantissa = "", power = "0"] = number.toExponential().split("e");
  return trimmed({ digits: mantissa.replace(".", ""), exponent: Number(power) + 1 });
}

function trimmed({ digits, exponent }: Decimal): Decimal {
  return { digits: digits.replace(/0+$/, ""), exponent: digits === "" ? 0 : exponent };
}

/** Keeps `count` digits, rounding half to even as Go does (JavaScript's toFixed rounds half up). */
function rounded(decimal: Decimal, count: number): Decimal {
  const { digits, exponent } = decimal;
  if (count >= digits.length) return decimal;
  if (count < 0) return { digits: "", exponent: 0 };
  const kept = digits.slice(0, count);
  const rest = digits.slice(count);
  const odd = count > 0 && Number(kept[count - 1]) % 2 === 1;
  const up = rest[0]! > "5" || (rest[0] === "5" && (rest.length > 1 || odd));
  if (!up) return trimmed({ digits: kept, exponent });
  const raised = (BigInt(kept || "0") + 1n).toString();
  return trimmed({
    digits: raised.padStart(count, "0"),
    exponent: exponent + (raised.length > count ? 1 : 0),
  });
}

/**
 * A number as Go's strconv.FormatFloat writes it: format "e", "f" or "g", `precision` digits (-1: as many as the
 * number needs).
 */
export function formatFloat(number: number, format: "e" | "f" | "g", precision: number): string {
  if (Number.isNaN(number)) return "NaN";
  if (!Number.isFinite(number)) return number < 0 ? "-Inf" : "+Inf";
  const sign = number < 0 || Object.is(number, -0) ? "-" : "";
  const size = Math.abs(number);
  const whole = precision < 0 ? shortest(size) : exact(size);
  if (format === "e") {
    const fraction = precision < 0 ? Math.max(whole.digits.length - 1, 0) : precision;
    return sign + scientific(rounded(whole, fraction + 1), fraction);
  }
  if (format === "f") {
    const fraction = precision < 0 ? Math.max(whole.digits.length - whole.exponent, 0) : precision;
    return sign + plain(rounded(whole, whole.exponent + fraction), fraction);
  }
  const significant = precision || 1;
  const decimal = precision < 0 ? whole : rounded(whole, significant);
  const { digits, exponent } = decimal;
  // From which power of ten on the exponent form is used.
  const threshold =
    precision < 0
      ? 6
      : significant > digits.length && digits.length >= exponent
        ? digits.length
        : significant;
  const power = exponent - 1;
  if (power < -4 || power >= threshold) return sign + scientific(decimal, Math.max(digits.length - 1, 0));
  return sign + plain(decimal, Math.max(digits.length - exponent, 0));
}

function scientific({ digits, exponent }: Decimal, fraction: number): string {
  const power = digits === "" ? 0 : exponent - 1;
  const padded = digits.padEnd(fraction + 1, "0");
  const mantissa = fraction > 0 ? `${padded[0]}.${padded.slice(1, fraction + 1)}` : padded[0]!;
  return `${mantissa}e${power < 0 ? "-" : "+"}${String(Math.abs(power)).padStart(2, "0")}`;
}

function plain({ digits, exponent }: Decimal, fraction: number): string {
  const whole = exponent > 0 ? digits.slice(0, exponent).padEnd(exponent, "0") : "0";
  if (fraction === 0) return whole;
  const after = exponent >= 0 ? digits.slice(exponent) : "0".repeat(-exponent) + digits;
  return `${whole}.${after.padEnd(fraction, "0").slice(0, fraction)}`;
}

/** A number in Go's hexadecimal form: `0x1.8p+00`. */
export function hexFloat(number: number): string {
  if (!Number.isFinite(number)) return formatFloat(number, "g", -1);
  const sign = number < 0 || Object.is(number, -0) ? "-" : "";
  if (number === 0) return `${sign}0x0p+00`;
  let size = Math.abs(number);
  let power = 0;
  for (; size >= 2; power++) size /= 2;
  for (; size < 1; power--) size *= 2;
  const fraction = size.toString(16).slice(1);
  return `${sign}0x1${fraction}p${power < 0 ? "-" : "+"}${String(Math.abs(power)).padStart(2, "0")}`;
}
