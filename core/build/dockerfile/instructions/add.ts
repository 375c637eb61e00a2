import { readFlags } from "../flags.ts";
import { jsonOrBlankSeparated } from "../forms.ts";
import type { Instruction } from "../instruction.ts";
import { needsTwo, sourcesAndDestination } from "../sources.ts";

/** ADD [--chown --chmod …] SOURCE… DESTINATION: COPY that also fetches URLs and unpacks archives. */
export const add: Instruction = {
  keyword: "ADD",
  form: jsonOrBlankSeparated,
  parse(line) {
    if (line.args.length < 2) throw needsTwo("ADD");
    const flags = readFlags(line.flags, {
      chown: "string",
      chmod: "string",
      link: "boolean",
      "keep-git-dir": "boolean",
      checksum: "string",
      unpack: "boolean",
      exclude: "strings",
    });
    return {
      kind: "copy",
      verb: "ADD",
      chown: { word: flags.string("chown") },
      chmod: { word: flags.string("chmod") },
      checksum: { word: flags.string("checksum") },
      ...sourcesAndDestination(line, "ADD"),
      from: "",
      link: flags.boolean("link") ?? false,
      excludes: flags.strings("exclude"),
      keepGitDir: flags.boolean("keep-git-dir"),
      unpack: flags.boolean("unpack"),
    };
  },
};
