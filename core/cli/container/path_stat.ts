import type { Client } from "../../client/client.ts";
import { text } from "../../platform/bytes.ts";
import { decodeBase64 } from "../registry/base64.ts";
import { containerPath } from "./container_path.ts";

/** What a container's path is: the header x-docker-container-path-stat. */
export interface PathStat {
  name: string;
  size: number;
  /** Go's os.FileMode. */
  mode: number;
  mtime: string;
  linkTarget: string;
}

/** Bits of Go's os.FileMode. */
export const goMode = { directory: 2 ** 31, symlink: 2 ** 27, device: 2 ** 26, irregular: 2 ** 19 };

export const hasBit = ({ mode }: PathStat, bit: number) => Math.floor(mode / bit) % 2 === 1;

/** Asks what there is at `path`. */
export async function statContainerPath(client: Client, container: string, path: string): Promise<PathStat> {
  const response = await client.request("HEAD", `${containerPath(container)}/archive`, { query: { path } });
  response.body.cancel();
  return pathStatOf(response.headers);
}

export function pathStatOf(headers: Readonly<Record<string, string>>): PathStat {
  const bytes = decodeBase64(headers["x-docker-container-path-stat"] ?? "");
  if (!bytes || bytes.length === 0) throw new Error("unable to decode container path stat header: EOF");
  return JSON.parse(text(bytes)) as PathStat;
}
