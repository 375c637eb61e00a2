import { invalidParameter, notFound, systemError, unauthorized, forbidden } from "../../errors/errors.ts";
import { type ByteSource, readAll, sourceOf, text } from "../../platform/bytes.ts";
import type { BuildBackend, Download } from "../backend.ts";
import { goQuote } from "../gotext.ts";
import type { BuildOutput } from "../options.ts";
import { progressText } from "../../distribution/progress-bar.ts";

/** A context from a URL: an archive, or a Dockerfile alone. */
export type RemoteContext = { archive: ByteSource } | { dockerfile: string };

const ACCEPTABLE = /(?:application\/(?:(?:x-)?tar|octet-stream|((?:x-)?(?:gzip|bzip2?|xz)))|(?:text\/plain))/;

/** Fetches a context. Throws with Docker's texts; a Git repository is refused. */
export async function remoteContext(
  url: string,
  backend: BuildBackend,
  output: BuildOutput,
): Promise<RemoteContext> {
  if (url === "client-session")
    throw invalidParameter(
      "experimental session with v1 builder is no longer supported, use builder version v2 (BuildKit) instead",
    );
  if (isGitUrl(url))
    throw systemError(
      `error fetching: exec: "git": executable file not found in $PATH (${url} is a Git repository)`,
    );
  if (!/^https?:\/\//.test(url)) throw systemError(`remoteURL (${url}) could not be recognized as URL`);
  const download = await fetchContext(url, backend);
  const bytes = await readAll(download.body);
  if (bytes.length === 0) throw systemError(`error detecting content type for remote ${url}: empty response`);
  const declared = download.headers["content-type"] ?? "";
  const type = ACCEPTABLE.exec(
    declared === "" || declared === "application/octet-stream" ? sniff(bytes) : declared,
  )?.[0];
  if (!type)
    throw systemError(
      `error detecting content type for remote ${url}: unsupported Content-Type ${goQuote(declared)}`,
    );
  await output.message({
    status: url,
    progressDetail: { current: bytes.length },
    progress: progressText(bytes.length, 0),
    id: "Downloading context",
  });
  return type === "text/plain" ? { dockerfile: text(bytes) } : { archive: sourceOf(bytes) };
}

async function fetchContext(url: string, backend: BuildBackend): Promise<Download> {
  const failed = (message: string) => `error downloading remote context ${url}: ${message}`;
  let download: Download;
  try {
    download = await backend.download(url);
  } catch (error) {
    throw systemError(failed((error as Error).message));
  }
  if (download.status < 400) return download;
  const body = text(await readAll(download.body)).trim();
  const message = failed(`failed to GET ${url} with status ${download.statusText}: ${body}`);
  switch (download.status) {
    case 400:
      throw invalidParameter(message);
    case 401:
      throw unauthorized(message);
    case 403:
      throw forbidden(message);
    case 404:
      throw notFound(message);
    default:
      throw systemError(message);
  }
}

function isGitUrl(url: string): boolean {
  return /^https?:\/\/.*\.git(?:#.+)?$/.test(url) || /^(git:\/\/|github\.com\/|git@)/.test(url);
}

/** What a server did not say: gzip by its first bytes, text by having no control characters. */
function sniff(bytes: Uint8Array): string {
  if (bytes[0] === 0x1f && bytes[1] === 0x8b) return "application/x-gzip";
  const start = bytes.subarray(0, 100);
  const binary = start.some((byte) => byte < 9 || (byte > 13 && byte < 32 && byte !== 27));
  return binary ? "application/octet-stream" : "text/plain";
}
