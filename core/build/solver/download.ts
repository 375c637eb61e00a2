import { TarBuilder } from "../../archive/write.ts";
import { bytesContent, contentPieces } from "../../files/content.ts";
import { readAll, sourceOf, text } from "../../platform/bytes.ts";
import { type BuildSource, treeSource } from "../context/source.ts";
import { goQuote } from "../gotext.ts";
import { baseName } from "../../files/clean-path.ts";
import type { BuildBackend, Download } from "../backend.ts";
import { progressText } from "../../distribution/progress-bar.ts";
import type { BuildSession } from "./steps.ts";

/** Fetches what a URL gives. Throws an Error with Docker's text for a status of 400 and more. */
export async function fetchUrl(backend: BuildBackend, url: string): Promise<Download> {
  const download = await backend.download(url);
  if (download.status < 400) return download;
  const body = text(await readAll(download.body)).trim();
  throw new Error(`failed to GET ${url} with status ${download.statusText}: ${body}`);
}

/** ADD URL: the file in a directory of its own. */
export async function downloadSource(
  session: BuildSession,
  url: string,
  destination: string,
): Promise<{ source: BuildSource; path: string }> {
  const path = urlPath(url);
  const download = await fetchUrl(session.backend, url);
  const name = fileName(path, download.headers["content-disposition"] ?? "");
  const bytes = await readAll(download.body);
  const total = download.length;
  const known = total !== undefined && total > 0;
  if (known || bytes.length > 0)
    await session.output.message({
      status: "Downloading",
      progressDetail: { current: bytes.length, ...(known ? { total } : {}) },
      progress: progressText(bytes.length, known ? total : 0),
    });
  // Docker's own blank line.
  await session.output.stdout("\n");
  if (name === "" && destination.endsWith("/"))
    throw new Error(`cannot determine filename for source ${url}`);

  const archive = new TarBuilder();
  const file = name === "" ? "__unnamed__" : name;
  const mtime = httpTime(download.headers["last-modified"] ?? "");
  archive.add({ name: file, kind: "file", mode: 0o600, mtime, content: bytesContent(bytes) });
  const root = await session.backend.scratch();
  await root.extract("/", sourceOf(...contentPieces(archive.finish())));
  return { source: treeSource(root, session.backend), path: file };
}

/** The path of a URL, percent signs resolved. */
function urlPath(url: string): string {
  const path = /^https?:\/\/[^/?#]*([^?#]*)/.exec(url)?.[1] ?? "";
  try {
    return decodeURIComponent(path);
  } catch {
    const escape = /%(?![0-9a-f]{2}).{0,2}/i.exec(path)?.[0] ?? path;
    throw new Error(`parse ${goQuote(url)}: invalid URL escape ${goQuote(escape)}`);
  }
}

function fileName(path: string, disposition: string): string {
  if (path !== "" && !path.endsWith("/")) return baseName(path);
  const named = /;\s*filename="?([^";]+)"?/i.exec(disposition)?.[1]?.trim() ?? "";
  return named === "" || named.endsWith("/") ? "" : baseName(named);
}

const MONTHS = "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec".split(" ");

/** Nanoseconds of "Tue, 15 Nov 1994 12:45:26 GMT"; 0 for anything else. */
function httpTime(date: string): bigint {
  const match = /^\w{3}, (\d{2}) (\w{3}) (\d{4}) (\d{2}):(\d{2}):(\d{2}) GMT$/.exec(date);
  const month = MONTHS.indexOf(match?.[2] ?? "");
  if (!match || month < 0) return 0n;
  const [, day, , year, hours, minutes, seconds] = match.map(Number);
  return BigInt(Date.UTC(year!, month, day, hours, minutes, seconds)) * 1_000_000n;
}
