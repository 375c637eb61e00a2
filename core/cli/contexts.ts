import { sha256 } from "@noble/hashes/sha2.js";
import { readAll, text, utf8 } from "../platform/bytes.ts";
import { hex } from "../platform/random.ts";
import type { Console } from "./console.ts";
import { FileError } from "./console.ts";
import { quote } from "./go/strconv.ts";

/** meta.json of a context: which engine its name stands for. */
export interface ContextMetadata {
  Name: string;
  Metadata: { Description?: string; [field: string]: unknown };
  Endpoints: { docker?: { Host?: string; SkipTLSVerify?: boolean }; [name: string]: unknown };
}

/** The name of a context's directory: the digest of its name. */
export const contextId = (name: string) => hex(sha256(utf8(name)));

/** Where a context's meta.json lies. */
export const contextMetadataDirectory = (configDirectory: string, name: string) =>
  `${configDirectory}/contexts/meta/${contextId(name)}`;

/** Where a context's certificates lie. */
export const contextTlsDirectory = (configDirectory: string, name: string) =>
  `${configDirectory}/contexts/tls/${contextId(name)}`;

/** Reads a context other than "default". Rejects with docker's text when there is none. */
export async function readContext(
  console: Console,
  configDirectory: string,
  name: string,
): Promise<ContextMetadata> {
  const path = `${contextMetadataDirectory(configDirectory, name)}/meta.json`;
  let content: string;
  try {
    content = text(await readAll(await console.files.open(path)));
  } catch (error) {
    const missing = error instanceof FileError && error.code === "ENOENT";
    throw new Error(
      `context ${quote(name)}: ${missing ? "context not found: " : ""}${(error as Error).message}`,
    );
  }
  try {
    return JSON.parse(content) as ContextMetadata;
  } catch (error) {
    throw new Error(`context ${quote(name)}: parsing ${path}: ${(error as Error).message}`);
  }
}
