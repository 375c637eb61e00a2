import { command, exact } from "../command.ts";
import { bool, string } from "../flags/basic.ts";
import { listFormat } from "../formatter/flag_texts.ts";
import { formatRows } from "../formatter/format.ts";
import { historyFormat, historyRows } from "../formatter/history.ts";
import type { HistoryItem } from "../formatter/history.ts";
import { parsePlatform } from "../platform.ts";

/** docker history, docker image history. */
export const history = command({
  usage: "history [OPTIONS] IMAGE",
  aliasLine: "docker image history, docker history",
  short: "Show how an image was made",
  flags: {
    human: bool({ short: "H", usage: "Sizes and dates as people read them", default: true }),
    quiet: bool({ short: "q", usage: "Print image IDs alone" }),
    "no-trunc": bool({ usage: "Do not cut anything short" }),
    format: listFormat,
    platform: string({
      usage: 'The history of the variant for this platform ("os[/arch[/variant]]")',
      version: "1.48",
    }),
  },
  arguments: exact(1),
  async run(cli, [image], flags) {
    const platform = flags.platform
      ? JSON.stringify(platformOf(flags.platform, cli.console.platform))
      : undefined;
    const client = await cli.client();
    const items = await client.json<HistoryItem[]>("GET", `/images/${image}/history`, {
      query: { platform },
    });
    const { human, quiet } = flags;
    const row = { truncate: !flags["no-trunc"], human, now: cli.console.clock.now() };
    const format = historyFormat(flags.format || "table", quiet, human);
    await cli.out.write(
      formatRows(
        format,
        historyRows,
        items.map((item) => ({ item, ...row })),
      ),
    );
  },
});

/** The platform of a --platform flag. Throws with the words that docker puts before its parser's. */
export function platformOf(specifier: string, host: { os: string; arch: string }) {
  try {
    return parsePlatform(specifier, host);
  } catch (error) {
    throw new Error(`invalid platform: ${(error as Error).message}`);
  }
}
