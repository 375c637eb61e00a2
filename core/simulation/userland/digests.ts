import { md5 } from "@noble/hashes/legacy.js";
import { sha1 } from "@noble/hashes/legacy.js";
import { sha256, sha512 } from "@noble/hashes/sha2.js";
import { hex } from "../../platform/random.ts";
import { splitLines } from "./lines.ts";
import type { UserProgram } from "./user-program.ts";

const hashes: Record<string, (bytes: Uint8Array) => Uint8Array> = {
  md5sum: md5,
  sha1sum: sha1,
  sha256sum: sha256,
  sha512sum: sha512,
};

export const digests: UserProgram = {
  names: ["md5sum", "sha1sum", "sha256sum", "sha512sum"],
  usage: "[-c[sw]] [FILE]...",
  summary: "Print or check digests of FILEs",
  *main(io) {
    const options = yield* io.options({
      short: "cswbtz",
      long: { check: "c", status: "s", warn: "w", binary: "b", text: "t", quiet: "quiet", tag: "tag" },
    });
    const hash = hashes[io.applet]!;
    const paths = options.operands.length > 0 ? options.operands : ["-"];
    if (!options.has("c")) {
      for (const path of paths) {
        const bytes = yield* io.readInput(path);
        if (bytes)
          yield* io.print(
            options.has("tag")
              ? `${io.applet.replace("sum", "").toUpperCase()} (${path}) = ${hex(hash(bytes))}\n`
              : `${hex(hash(bytes))} ${options.has("b") ? "*" : " "}${path}\n`,
          );
      }
      return io.status;
    }
    let failed = 0;
    let total = 0;
    for (const list of paths) {
      for (const line of splitLines((yield* io.readText(list)) ?? "")) {
        const match = /^([0-9a-f]+) [ *](.*)$/.exec(line);
        if (!match) continue;
        total++;
        const bytes = yield* io.readInput(match[2]!);
        const good = bytes && hex(hash(bytes)) === match[1];
        if (!good) failed++;
        if (!options.has("s") && !(good && options.has("quiet")))
          yield* io.print(`${match[2]}: ${good ? "OK" : bytes ? "FAILED" : "FAILED open or read"}\n`);
      }
    }
    if (failed > 0 && !options.has("s"))
      yield* io.complain(
        io.busybox
          ? `WARNING: ${failed} of ${total} computed checksums did NOT match`
          : `WARNING: ${failed} computed checksum${failed === 1 ? "" : "s"} did NOT match`,
      );
    return failed > 0 ? 1 : io.status;
  },
};
