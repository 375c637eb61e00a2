import { invalidParameter } from "../errors/errors.ts";

/** The log drivers that keep something to read back, and the one that keeps nothing. */
export const logDrivers = ["json-file", "local", "none"] as const;

/** How much of a container's log is kept. */
export interface Rotation {
  /** Bytes of one file; undefined: without limit. */
  maxSize?: number;
  maxFiles: number;
}

const knownOptions: Readonly<Record<string, readonly string[]>> = {
  "json-file": [
    "max-file",
    "max-size",
    "compress",
    "labels",
    "labels-regex",
    "env",
    "env-regex",
    "tag",
    "mode",
    "max-buffer-size",
  ],
  local: ["max-file", "max-size", "compress", "mode", "max-buffer-size"],
  none: ["mode", "max-buffer-size"],
};

/** Checks --log-driver and --log-opt. Throws invalidParameter with Docker's texts. */
export function validateLogging(driver: string, options: Readonly<Record<string, string>>): void {
  const known = knownOptions[driver];
  if (!known)
    throw invalidParameter(
      `error looking up logging plugin ${driver}: plugin ${JSON.stringify(driver)} not found`,
    );
  if (driver === "none") return;
  for (const name of Object.keys(options))
    if (!known.includes(name))
      throw invalidParameter(
        driver === "local"
          ? `unknown log opt '${name}' for log driver local`
          : `unknown log opt '${name}' for ${driver} log driver`,
      );
  const mode = options.mode;
  if (mode !== undefined && mode !== "" && mode !== "blocking" && mode !== "non-blocking")
    throw invalidParameter(`logger: logging mode not supported: ${mode}`);
}

/** What max-size and max-file ask for; Docker reads them only when the container starts. Throws invalidParameter. */
export function rotationOf(driver: string, options: Readonly<Record<string, string>>): Rotation {
  const local = driver === "local";
  const maxSize = options["max-size"];
  const maxFile = options["max-file"];
  const rotation: Rotation = { maxFiles: local ? 5 : 1, ...(local ? { maxSize: 20 * 2 ** 20 } : {}) };
  if (maxSize !== undefined && maxSize !== "-1") rotation.maxSize = parseSize(maxSize);
  if (maxFile !== undefined) {
    if (!/^[+-]?\d+$/.test(maxFile))
      throw invalidParameter(`strconv.Atoi: parsing ${JSON.stringify(maxFile)}: invalid syntax`);
    rotation.maxFiles = Number(maxFile);
    if (rotation.maxFiles < 1) throw invalidParameter("max-file cannot be less than 1");
  }
  return rotation;
}

function parseSize(size: string): number {
  const [, number = "", suffix = ""] = /^(.*[0-9.]) ?([^0-9. ]*)$/.exec(size) ?? [];
  if (number === "") throw invalidParameter(`invalid size: '${size}'`);
  if (!/^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(number))
    throw invalidParameter(`strconv.ParseFloat: parsing ${JSON.stringify(number)}: invalid syntax`);
  if (Number(number) < 0) throw invalidParameter(`invalid size: '${size}'`);
  const unit = /^(?:b|([kmgtp])(?:i?b)?)?$/.exec(suffix.toLowerCase());
  if (!unit) throw invalidParameter(`invalid suffix: '${suffix.toLowerCase()}'`);
  const power = unit[1] ? "kmgtp".indexOf(unit[1]) + 1 : 0;
  return Math.floor(Number(number) * 1000 ** power);
}
