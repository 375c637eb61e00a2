import type { Flag, FlagOptions } from "../flags.ts";
import { parseMemory } from "../go/units.ts";
import { single } from "./basic.ts";

/** A size of memory in bytes: 512m, 1g. */
export function bytes(options: FlagOptions): Flag<number> {
  return { ...options, type: "bytes", start: () => single(0, parseMemory) };
}

/** Memory and swap together, in bytes; -1 is without a limit. */
export function memorySwap(options: FlagOptions & { default?: number }): Flag<number> {
  const initial = options.default ?? 0;
  return {
    ...options,
    type: "bytes",
    ...(initial ? { shownDefault: String(initial) } : {}),
    start: () => single(initial, (text) => (text === "-1" ? -1 : parseMemory(text))),
  };
}

/** A number of processors, in thousand millionths: 1.5 is 1500000000. */
export function processors(options: FlagOptions): Flag<number> {
  return { ...options, type: "decimal", start: () => single(0, parseProcessors) };
}

/** Nanoprocessors of a ratio such as "1.5" or "3/2" (Go's big.Rat). */
export function parseProcessors(input: string): number {
  const [, sign = "", whole = "", part = "", power = "", over] =
    /^([+-]?)(\d*)\.?(\d*)(?:[eE]([+-]?\d+))?(?:\/(\d+))?$/.exec(input) ?? [];
  const below = BigInt(over ?? "1");
  if (whole + part === "" || below === 0n || (over !== undefined && /[.eE]/.test(input)))
    throw new Error(`failed to parse ${input} as a rational number`);
  const shift = Number(power || "0") - part.length + 9;
  let above = BigInt(whole + part);
  let divisor = below;
  if (Math.abs(shift) > 400) throw new Error(`failed to parse ${input} as a rational number`);
  if (shift >= 0) above *= 10n ** BigInt(shift);
  else divisor *= 10n ** BigInt(-shift);
  if (above % divisor !== 0n) throw new Error("value is too precise");
  return Number(sign === "-" ? -(above / divisor) : above / divisor);
}
