import { Errno } from "../../files/filesystem.ts";
import { text } from "../../platform/bytes.ts";
import type { Kernel } from "../kernel/kernel.ts";
import { resolve } from "../kernel/paths.ts";

function hostFile(kernel: Kernel, path: string): string[] {
  try {
    const { inode } = resolve(kernel.init, path);
    return text(inode.read(0, inode.attributes().size)).split("\n");
  } catch (error) {
    if (error instanceof Errno) return [];
    throw error;
  }
}

/** The addresses that the host's own resolver finds for a name: in /etc/hosts, else on the simulated internet. */
export async function hostAddresses(kernel: Kernel, name: string): Promise<string[]> {
  const wanted = name.toLowerCase();
  if (wanted === "localhost") return ["127.0.0.1"];
  const own: string[] = [];
  for (const line of hostFile(kernel, "/etc/hosts")) {
    const [address, ...names] = line.replace(/#.*/, "").trim().split(/\s+/);
    if (address && names.some((each) => each.toLowerCase() === wanted)) own.push(address);
  }
  if (own.length > 0) return own;
  const { internet } = kernel.network;
  return [...(internet.resolve(wanted, 4) ?? []), ...(internet.resolve(wanted, 6) ?? [])];
}
