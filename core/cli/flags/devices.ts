import type { Flag, FlagOptions } from "../flags.ts";
import { readCsv } from "../go/csv.ts";
import { parseInteger, parseUnsigned } from "../go/strconv.ts";
import { parseMemory } from "../go/units.ts";
import { gathered } from "./lists.ts";

export interface ThrottleDevice {
  Path: string;
  Rate: number;
}

export interface WeightDevice {
  Path: string;
  Weight: number;
}

/** A request for devices of a driver, such as GPUs. */
export interface DeviceRequest {
  Driver: string;
  Count: number;
  DeviceIDs: string[] | null;
  Capabilities: string[][] | null;
  Options: Record<string, string> | null;
}

/** --device-read-bps /dev/sda:1mb. */
export function throttledBytes(options: FlagOptions): Flag<ThrottleDevice[]> {
  return devices(options, (text) => {
    const [path, rate] = devicePath(text);
    try {
      return { Path: path, Rate: parseMemory(rate) };
    } catch {
      throw new Error(
        `invalid rate for device: ${text}. The correct format is <device-path>:<number>[<unit>]. Number must be a positive integer. Unit is optional and can be kb, mb, or gb`,
      );
    }
  });
}

/** --device-read-iops /dev/sda:1000. */
export function throttledOperations(options: FlagOptions): Flag<ThrottleDevice[]> {
  return devices(options, (text) => {
    const [path, rate] = devicePath(text);
    try {
      return { Path: path, Rate: parseUnsigned(rate, 64, 10) };
    } catch {
      throw new Error(
        `invalid rate for device: ${text}. The correct format is <device-path>:<number>. Number must be a positive integer`,
      );
    }
  });
}

/** --blkio-weight-device /dev/sda:500. */
export function weightedDevices(options: FlagOptions): Flag<WeightDevice[]> {
  return devices(options, (text) => {
    const [path, weight] = devicePath(text);
    const valid =
      /^\d+$/.test(weight) && (Number(weight) === 0 || (Number(weight) >= 10 && Number(weight) <= 1000));
    if (!valid) throw new Error(`invalid weight for device: ${text}`);
    return { Path: path, Weight: Number(weight) };
  });
}

function devices<T>(options: FlagOptions, parse: (text: string) => T): Flag<T[]> {
  return { ...options, type: "list", shownDefault: "[]", start: () => gathered(parse) };
}

function devicePath(text: string): [path: string, rest: string] {
  const colon = text.indexOf(":");
  if (colon < 1) throw new Error(`bad format: ${text}`);
  if (!text.startsWith("/dev/")) throw new Error(`bad format for device path: ${text}`);
  return [text.slice(0, colon), text.slice(colon + 1)];
}

/** --gpus all, --gpus 2, --gpus device=0,capabilities=utility. */
export function gpus(options: FlagOptions): Flag<DeviceRequest[]> {
  return { ...options, type: "gpu-request", start: () => gathered(parseGpus) };
}

function parseGpus(text: string): DeviceRequest {
  const request: DeviceRequest = { Driver: "", Count: 0, DeviceIDs: null, Capabilities: null, Options: null };
  const seen = new Set<string>();
  for (const field of readCsv(text)) {
    const equals = field.indexOf("=");
    const key = equals < 0 ? field : field.slice(0, equals);
    const value = field.slice(equals + 1);
    if (seen.has(key)) throw new Error(`gpu request key '${key}' can be specified only once`);
    seen.add(key);
    if (equals < 0) {
      seen.add("count");
      request.Count = gpuCount(key);
    } else if (key === "driver") request.Driver = value;
    else if (key === "count") request.Count = gpuCount(value);
    else if (key === "device") request.DeviceIDs = value.split(",");
    else if (key === "capabilities") request.Capabilities = [[...value.split(","), "gpu"]];
    else if (key === "options") request.Options = gpuOptions(value);
    else throw new Error(`unexpected key '${key}' in '${field}'`);
  }
  if (!seen.has("count") && !request.DeviceIDs) request.Count = 1;
  request.Options ??= {};
  request.Capabilities ??= [["gpu"]];
  return request;
}

function gpuCount(text: string): number {
  if (text === "all") return -1;
  try {
    return parseInteger(text, 64, 10);
  } catch (error) {
    const reason = (error as Error).message.replace(/^.*: /, "");
    throw new Error(`invalid count (${text}): value must be either "all" or an integer: ${reason}`);
  }
}

function gpuOptions(text: string): Record<string, string> {
  return Object.fromEntries(
    readCsv(text).map((field) => {
      const equals = field.indexOf("=");
      return equals < 0 ? [field, ""] : [field.slice(0, equals), field.slice(equals + 1)];
    }),
  );
}
