import { any, command } from "../command.ts";
import { contextMetadataDirectory, contextTlsDirectory } from "../contexts.ts";
import { inspectFormat } from "../formatter/flag_texts.ts";
import { inspect } from "../formatter/inspector.ts";
import { any as anyType, embedded, map, omitempty, slice, string, struct } from "../template/gotype.ts";
import { contextNamed, metadataJson, readTls } from "./store.ts";

const contextInspect = struct("context.contextWithTLSListing", {
  Metadata: embedded(
    struct("store.Metadata", {
      Name: omitempty(string),
      Metadata: omitempty(anyType),
      Endpoints: omitempty(map(string, anyType)),
    }),
  ),
  TLSMaterial: map(string, slice(string)),
  Storage: struct("store.StorageInfo", { MetadataPath: string, TLSPath: string }),
});

/** docker context inspect. */
export const contextInspectCommand = command({
  usage: "inspect [OPTIONS] [CONTEXT] [CONTEXT...]",
  short: "Show all that is known of contexts",
  flags: { format: inspectFormat },
  arguments: any,
  async run(cli, given, { format }) {
    const names = given.length > 0 ? given : [cli.currentContext];
    await inspect(cli, names, format, async (name) => {
      const context = await contextNamed(cli, name);
      const isDefault = name === "default";
      if (isDefault) delete context.Metadata.Description;
      const tls = await readTls(cli, name);
      const inMemory = "<IN MEMORY>";
      const raw = {
        ...(JSON.parse(metadataJson(context)) as object),
        TLSMaterial: Object.fromEntries(
          Object.entries(tls).map(([endpoint, files]) => [endpoint, Object.keys(files)]),
        ),
        Storage: {
          MetadataPath: isDefault ? inMemory : contextMetadataDirectory(cli.configDirectory, name),
          TLSPath: isDefault ? inMemory : contextTlsDirectory(cli.configDirectory, name),
        },
      };
      return { raw: JSON.stringify(raw), type: contextInspect, typedOnly: true };
    });
  },
});
