/**
 * The bar that a daemon puts into a progress message for old clients: "[=====>     ]      9B/20B", or the bytes alone
 * when the total is not known (0).
 */
export function progressText(current: number, total: number): string {
  const size = humanSize(current).padStart(8);
  if (total <= 0) return size;
  const filled = Math.min(50, Math.floor((Math.min(current, total) / total) * 100) >> 1);
  const bar = `${"=".repeat(filled)}>${" ".repeat(50 - filled)}`;
  // More than was expected: how much more is not known.
  return `[${bar}]${size.padStart(9)}${current > total ? "" : `/${humanSize(total)}`}`;
}

const UNITS = ["B", "kB", "MB", "GB", "TB", "PB"];

/** Four digits at most: "1.984MB". */
function humanSize(bytes: number): string {
  let size = bytes;
  let unit = 0;
  while (size >= 1000 && unit < UNITS.length - 1) {
    size /= 1000;
    unit++;
  }
  return `${String(Number(size.toPrecision(4)))}${UNITS[unit]}`;
}
