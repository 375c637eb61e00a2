import { utf8 } from "../platform/bytes.ts";
import type { Codecs } from "../platform/digests.ts";

/** "sha256:" and 64 hexadecimal digits. */
export type Digest = string;

export function digestOf(codecs: Codecs, bytes: Uint8Array): Digest {
  return `sha256:${codecs.sha256().update(bytes).hex()}`;
}

/** "sha256:" with 64 lower-case hexadecimal digits. */
export function isDigest(text: string): boolean {
  return /^sha256:[a-f0-9]{64}$/.test(text);
}

/** What names a layer together with all below it: the lowest layer's chainId is its diffId. */
export function chainId(codecs: Codecs, parent: Digest | null, diffId: Digest): Digest {
  return parent === null ? diffId : digestOf(codecs, utf8(`${parent} ${diffId}`));
}

/** The chainIds of an image's layers, the lowest first. */
export function chainIds(codecs: Codecs, diffIds: readonly Digest[]): Digest[] {
  const chain: Digest[] = [];
  for (const diffId of diffIds) chain.push(chainId(codecs, chain.at(-1) ?? null, diffId));
  return chain;
}

/** The digits of a digest, without its algorithm. */
export function digestHex(digest: Digest): string {
  return digest.slice(digest.indexOf(":") + 1);
}

/** Whether a layer is an archive without entries: two blocks of zeros. Docker counts such a step as no layer. */
export function isEmptyLayer(diffId: Digest): boolean {
  return diffId === "sha256:5f70bf18a086007016e948b04aed3b82103a36bea41755b6cddfaf10ace3c6ef";
}
