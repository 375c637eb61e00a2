import { unzipSync } from "fflate";
import { readTar } from "../../archive/read.ts";
import { concat, readAll, sourceOf, text } from "../../platform/bytes.ts";
import type { Cli } from "../cli.ts";
import { command, exact } from "../command.ts";
import type { ContextMetadata } from "../contexts.ts";
import { quote } from "../go/strconv.ts";
import { openNamed } from "../image/load.ts";
import { cleanFilePath } from "../paths.ts";
import type { ContextTls } from "./store.ts";
import { checkNewContext, writeContext, writeTls } from "./store.ts";

const largest = 10 * 2 ** 20;

/** docker context import. */
export const contextImport = command({
  usage: "import CONTEXT FILE|-",
  short: "Read a context from a tar or zip file",
  flags: {},
  arguments: exact(2),
  async run(cli, [name = "", source = ""]) {
    await checkNewContext(cli, name);
    const input = source === "-" ? cli.console.stdin : await openNamed(cli.console, source);
    const archive = await readAll(input, largest).catch(() => {
      throw new Error("read exceeds the defined limit");
    });
    const isZip = archive[0] === 0x50 && archive[1] === 0x4b && archive[2] === 3 && archive[3] === 4;
    await keep(cli, name, isZip ? zipFiles(archive) : await tarFiles(archive));
    await cli.out.line(name);
    await cli.err.line(`Successfully imported context ${quote(name)}`);
  },
});

type Files = [path: string, content: Uint8Array][];

async function tarFiles(archive: Uint8Array): Promise<Files> {
  const files: Files = [];
  for await (const { kind, name, content } of readTar(sourceOf(archive))) {
    if (kind === "file") files.push([name, concat([content.read(0, content.size)])]);
  }
  return files;
}

function zipFiles(archive: Uint8Array): Files {
  return Object.entries(unzipSync(archive)).filter(([path]) => !path.endsWith("/"));
}

async function keep(cli: Cli, name: string, files: Files): Promise<void> {
  let context: ContextMetadata | undefined;
  const tls: ContextTls = {};
  for (const [path, content] of files) {
    checkPath(path);
    if (path === "meta.json") {
      context = { ...(JSON.parse(text(content)) as ContextMetadata), Name: name };
      continue;
    }
    const [, endpoint, file] = /^tls\/([^/]*)\/(.*)$/s.exec(path) ?? [];
    if (endpoint === undefined || file === undefined) throw new Error("archive format is invalid");
    tls[endpoint] = { ...tls[endpoint], [file]: content };
  }
  if (!context) throw new Error("invalid context: no metadata found");
  await writeContext(cli, context);
  await writeTls(cli, name, tls);
}

/** Nothing but what an export writes may be written to the disk. */
function checkPath(path: string): void {
  const problem =
    path !== "meta.json" && !path.startsWith("tls/")
      ? "unexpected context file"
      : cleanFilePath(path) !== path
        ? "unexpected path format"
        : path.includes("\\")
          ? "unexpected '\\' in path"
          : undefined;
  if (problem) throw new Error(`${path}: ${problem}`);
}
