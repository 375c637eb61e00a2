const units = ["", "K", "M", "G", "T", "P", "E"];

/** A size in the units of 1024 that busybox's -h shows: "4.0K", "10.5M". */
export function busyboxHumanSize(bytes: number): string {
  let value = bytes;
  let unit = 0;
  while (value >= 1024 && unit < units.length - 1) {
    value /= 1024;
    unit++;
  }
  if (unit === 0) return String(bytes);
  const tenths = Math.floor(value * 10 + 0.5);
  return `${Math.floor(tenths / 10)}.${tenths % 10}${units[unit]}`;
}

/** The same as GNU's programs show it: rounded up, one place only below 10. */
export function gnuHumanSize(bytes: number): string {
  let value = bytes;
  let unit = 0;
  while (value >= 1024 && unit < units.length - 1) {
    value /= 1024;
    unit++;
  }
  if (unit === 0) return String(bytes);
  const tenths = Math.ceil(value * 10) / 10;
  return (tenths < 10 ? tenths.toFixed(1) : String(Math.ceil(value))) + units[unit];
}

const suffixes: Record<string, number> = {
  b: 512,
  k: 1024,
  K: 1024,
  kB: 1000,
  KB: 1000,
  m: 1024 ** 2,
  M: 1024 ** 2,
  MB: 1e6,
  g: 1024 ** 3,
  G: 1024 ** 3,
  GB: 1e9,
  T: 1024 ** 4,
  c: 1,
  w: 2,
  KiB: 1024,
  MiB: 1024 ** 2,
  GiB: 1024 ** 3,
};

/** "10", "4k", "1M" as a number; undefined for what is none. */
export function parseSize(text: string): number | undefined {
  const match = /^(\d+)([a-zA-Z]*)$/.exec(text);
  if (!match) return undefined;
  const unit = match[2] === "" ? 1 : suffixes[match[2]!];
  return unit === undefined ? undefined : Number(match[1]) * unit;
}
