import { readAll, text } from "../../platform/bytes.ts";
import type { ByteSource } from "../../platform/bytes.ts";
import type { Cli } from "../cli.ts";
import { counted } from "../progress/upload.ts";

export const isUrl = (text: string) => /^https?:\/\//.test(text);

/** A repository that would have to be cloned. */
export function isGitUrl(text: string): boolean {
  return (
    (isUrl(text) && /\.git(?:#.+)?$/.test(text)) ||
    ["git://", "github.com/", "git@"].some((prefix) => text.startsWith(prefix))
  );
}

/** What lies at a URL. Throws docker's texts. */
export async function download(cli: Cli, url: string): Promise<ByteSource> {
  const failed = (reason: string): never => {
    throw new Error(`unable to download remote context ${url}: ${reason}`);
  };
  const [, scheme = "", authority = "", path = ""] = /^(https?):\/\/([^/?#]*)([^#]*)/.exec(url) ?? [];
  const secure = scheme === "https";
  const host = /:\d+$/.test(authority) ? authority : `${authority}:${secure ? 443 : 80}`;
  const send = cli.console.connect(`tcp://${host}`, secure ? { tls: { verify: true } } : {});
  const target = path.startsWith("/") ? path : `/${path}`;
  const response = await send({
    method: "GET",
    target,
    headers: { host: authority },
    body: null,
    cancellation: cli.cancellation,
  }).catch((error: Error) => failed(`Get ${JSON.stringify(url)}: ${error.message}`));
  if (response.status >= 400) {
    const body = text(await readAll(response.body)).trim();
    failed(`failed to GET ${url} with status ${response.status}: ${body}`);
  }
  const total = Number(response.headers["content-length"] ?? 0);
  return counted(response.body, cli, cli.out, `Downloading build context from remote url: ${url}`, total);
}
