import type { Instant } from "../../platform/clock.ts";
import { formatDuration } from "../go/duration.ts";
import { humanSize } from "../units.ts";

/** How far something is: `progressDetail` of a message. */
export interface Progress {
  current?: number;
  total?: number;
  /** When it began, in seconds since the epoch. */
  start?: number;
  hidecounts?: boolean;
  /** What is counted; bytes when it is left out. */
  units?: string;
}

/** "[====>   ]  1.2MB/4.5MB 3s": the bar on terminals wider than 110 columns, the time left on those wider than 50. */
export function progressText(progress: Progress, columns: number, now: Instant): string {
  const { current = 0, total = 0, units = "" } = progress;
  if (current <= 0 && total <= 0) return "";
  if (total <= 0) return units === "" ? humanSize(current).padStart(8) : `${current} ${units}`;
  const half = Math.min(Math.trunc(Math.trunc((current / total) * 100) / 2), 50);
  const bar = columns > 110 ? `[${"=".repeat(half)}>${" ".repeat(50 - half)}] ` : "";
  const timeLeft = columns > 50 && half < 50 ? timeLeftText(progress, now) : "";
  return bar + countText(progress, current, total, units) + timeLeft;
}

function countText(progress: Progress, current: number, total: number, units: string): string {
  if (progress.hidecounts) return "";
  // A count beyond its total is wrong about one of them: only the count is shown then.
  if (units !== "") return current > total ? `${current} ${units}` : `${current}/${total} ${units}`;
  const size = humanSize(current).padStart(8);
  return current > total ? size : `${size}/${humanSize(total)}`;
}

function timeLeftText({ current = 0, total = 0, start = 0 }: Progress, now: Instant): string {
  if (current <= 0 || start <= 0) return "";
  const perEntry = Math.trunc((Number(now) - start * 1e9) / current);
  return ` ${formatDuration(Math.round(((total - current) * perEntry) / 1e9) * 1e9)}`;
}
