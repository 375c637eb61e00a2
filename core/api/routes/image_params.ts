import { parseRef } from "../../images/store.ts";
import { invalidParameter } from "../../errors/errors.ts";
import type { ImageRef } from "../../oci/reference.ts";
import { withDefaultTag } from "../../oci/reference.ts";

/**
 * The name that `repo` and `tag` make, with the tag "latest" when there is none; undefined for no name.
 * Throws invalidParameter "cannot import digest reference", "invalid tag format".
 */
export function repoTagReference(repo: string, tag: string): ImageRef | undefined {
  if (repo === "") return undefined;
  const parsed = parseRef(repo);
  if (parsed.digest) throw invalidParameter("cannot import digest reference");
  return tag === "" ? withDefaultTag(parsed) : withTag(parsed, tag);
}

export function withTag(imageRef: ImageRef, tag: string): ImageRef {
  if (!/^\w[\w.-]{0,127}$/.test(tag)) throw invalidParameter("invalid tag format");
  return { ...imageRef, tag };
}

/** The platform that newer API versions send as JSON, as "linux/arm64/v8"; "" for none. Throws invalidParameter. */
export function decodePlatform(value: string): string {
  if (value === "") return "";
  let parsed: unknown;
  try {
    parsed = JSON.parse(value);
  } catch {
    throw invalidParameter("failed to parse platform: invalid JSON");
  }
  const fields = (typeof parsed === "object" && parsed !== null ? parsed : {}) as Record<string, unknown>;
  const text = (name: string) => (typeof fields[name] === "string" ? fields[name] : "");
  const [os, architecture, variant] = [text("os"), text("architecture"), text("variant")];
  if (os === "" && architecture === "" && variant !== "")
    throw invalidParameter("optional platform fields provided, but OS and Architecture are missing");
  if (os === "" || architecture === "") throw invalidParameter("both OS and Architecture must be provided");
  return [os, architecture, variant].filter((part) => part !== "").join("/");
}
