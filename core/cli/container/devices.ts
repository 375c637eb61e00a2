import type { DeviceRequest } from "../flags/devices.ts";
import { cleanFilePath } from "../paths.ts";

export interface DeviceMapping {
  PathOnHost: string;
  PathInContainer: string;
  CgroupPermissions: string;
}

/** What --device texts ask of an engine on `osType`: device files, and devices of the Container Device Interface. */
export function deviceMappings(texts: readonly string[], osType: string) {
  const mappings: DeviceMapping[] = [];
  const named: string[] = [];
  for (const text of texts) {
    if (/^[A-Za-z][\w.-]*\/[A-Za-z][\w.-]*=[\w.:-]+$/.test(text)) named.push(text);
    else if (osType === "linux") mappings.push(linuxDevice(text));
    else if (osType === "windows")
      mappings.push({ PathOnHost: text, PathInContainer: "", CgroupPermissions: "" });
    else throw new Error(`unknown server OS: ${osType}`);
  }
  const requests: DeviceRequest[] =
    named.length > 0
      ? [{ Driver: "cdi", Count: 0, DeviceIDs: named, Capabilities: null, Options: null }]
      : [];
  return { mappings, requests };
}

/** "/dev/a[:/dev/b][:rwm]". */
function linuxDevice(text: string): DeviceMapping {
  const parts = text.split(":");
  if (parts.length > 3 || parts[0] === "") throw new Error(`bad format for path: ${text}`);
  const [source = "", second, third] = parts;
  const secondIsMode = parts.length === 2 && isMode(second!);
  if (third !== undefined && !isMode(third)) throw new Error(`bad mode specified: ${third}`);
  const target = second === undefined || secondIsMode ? source : second;
  if (!target.startsWith("/")) throw new Error(`${target} is not an absolute path`);
  const alone = second === undefined || secondIsMode;
  return {
    PathOnHost: alone ? cleanFilePath(source) : source,
    PathInContainer: third === undefined ? cleanFilePath(target) : target,
    CgroupPermissions: third ?? (secondIsMode ? second! : "rwm"),
  };
}

/** Each of r, w and m at most once. */
function isMode(text: string): boolean {
  return /^[rwm]+$/.test(text) && new Set(text).size === text.length;
}
