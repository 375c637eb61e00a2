import { bytesContent } from "../../files/content.ts";
import { TarBuilder } from "../../archive/write.ts";
import { utf8 } from "../../platform/bytes.ts";
import type { Cli } from "../cli.ts";
import { between, command } from "../command.ts";
import { quote } from "../go/strconv.ts";
import { absolutePath } from "../paths.ts";
import { checkContextName, contextNamed, metadataJson, readTls } from "./store.ts";

/** docker context export. */
export const contextExport = command({
  usage: "export [OPTIONS] CONTEXT [FILE|-]",
  short: "Write a context to a tar archive FILE or to STDOUT",
  flags: {},
  arguments: between(1, 2),
  async run(cli, [name = "", target = `${name}.dockercontext`]) {
    if (name !== "default") checkContextName(name);
    if (target !== "-") await exportToFile(cli, name, target);
    else if (cli.out.terminal)
      throw new Error("cowardly refusing to export to a terminal, specify a file path");
    else await cli.out.write(await archiveOf(cli, name));
  },
});

async function exportToFile(cli: Cli, name: string, target: string): Promise<void> {
  const path = absolutePath(cli.console, target);
  const taken = await cli.console.files.lstat(path).then(
    () => true,
    () => false,
  );
  if (taken) throw new Error(`open ${target}: file exists`);
  const archive = await archiveOf(cli, name);
  const { sink, closed } = await cli.console.files.create(path, 0o600);
  await sink.write(archive);
  sink.close();
  await closed;
  await cli.err.line(`Written file ${quote(target)}`);
}

async function archiveOf(cli: Cli, name: string): Promise<Uint8Array> {
  const archive = new TarBuilder();
  const add = (path: string, content: Uint8Array, mode: number) =>
    archive.add({ name: path, kind: "file", mode, content: bytesContent(content) });
  add("meta.json", utf8(metadataJson(await contextNamed(cli, name))), 0o644);
  archive.add({ name: "tls", kind: "directory", mode: 0o700 });
  for (const [endpoint, files] of Object.entries(await readTls(cli, name))) {
    archive.add({ name: `tls/${endpoint}`, kind: "directory", mode: 0o700 });
    for (const [file, content] of Object.entries(files)) add(`tls/${endpoint}/${file}`, content, 0o600);
  }
  const whole = archive.finish();
  return whole.read(0, whole.size);
}
