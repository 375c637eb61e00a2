import { readFlags } from "../flags.ts";
import { jsonOrBlankSeparated } from "../forms.ts";
import type { Instruction } from "../instruction.ts";
import { needsTwo, sourcesAndDestination } from "../sources.ts";

/** COPY [--from --chown --chmod …] SOURCE… DESTINATION. */
export const copy: Instruction = {
  keyword: "COPY",
  form: jsonOrBlankSeparated,
  parse(line) {
    if (line.args.length < 2) throw needsTwo("COPY");
    const flags = readFlags(line.flags, {
      chown: "string",
      from: "string",
      chmod: "string",
      link: "boolean",
      exclude: "strings",
    });
    return {
      kind: "copy",
      verb: "COPY",
      chown: { word: flags.string("chown") },
      chmod: { word: flags.string("chmod") },
      ...sourcesAndDestination(line, "COPY"),
      from: flags.string("from"),
      link: flags.boolean("link") ?? false,
      excludes: flags.strings("exclude"),
      checksum: { word: "" },
      keepGitDir: undefined,
      unpack: undefined,
    };
  },
};
