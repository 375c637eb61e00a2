import { sha256 } from "@noble/hashes/sha2.js";
import { readTar } from "../../archive/read.ts";
import { padding } from "../../archive/entry.ts";
import type { NewTarEntry } from "../../archive/entry.ts";
import { headerBytes, TarBuilder } from "../../archive/write.ts";
import { bytesContent, contentPieces, emptyContent } from "../../files/content.ts";
import { bytePipe, concat, sourceOf, text, utf8 } from "../../platform/bytes.ts";
import type { ByteSource } from "../../platform/bytes.ts";
import type { Instant } from "../../platform/clock.ts";
import { hex } from "../../platform/random.ts";
import { gathering } from "./gathering.ts";

/** How the archives begin that the engine can unpack: gzip, bzip2, xz, zstd. */
const compressions = [
  [0x1f, 0x8b, 0x08],
  [0x42, 0x5a, 0x68],
  [0xfd, 0x37, 0x7a, 0x58, 0x5a, 0x00],
  [0x28, 0xb5, 0x2f, 0xfd],
];

/** Whether what comes in is a tar archive, perhaps compressed; else it is taken for a Dockerfile. */
export function isArchive(head: readonly Uint8Array[]): boolean {
  const bytes = concat(head).subarray(0, 1024);
  if (compressions.some((magic) => magic.every((byte, i) => bytes[i] === byte))) return true;
  if (bytes.length < 512) return false;
  const header = bytes.slice(0, 512);
  const sum = Number.parseInt(
    text(header.subarray(148, 156))
      .replace(/[\0 ]+/g, " ")
      .trim(),
    8,
  );
  header.fill(0x20, 148, 156);
  return header.reduce((total, byte) => total + byte, 0) === sum;
}

const seconds = (instant: Instant) => (instant / 1_000_000_000n) * 1_000_000_000n;

/** A context of nothing but a Dockerfile. */
export function archiveOfDockerfile(dockerfile: Uint8Array, now: Instant): ByteSource {
  const archive = new TarBuilder();
  archive.add({
    name: "Dockerfile",
    kind: "file",
    mode: 0o644,
    mtime: seconds(now),
    content: bytesContent(dockerfile),
  });
  const whole = archive.finish();
  return sourceOf(whole.read(0, whole.size));
}

/**
 * A context with a Dockerfile that came another way, under a name that nothing in it has; .dockerignore names it,
 * so that no COPY finds it.
 */
export function withDockerfile(
  archive: ByteSource,
  dockerfile: Uint8Array,
  now: Instant,
): { archive: ByteSource; dockerfile: string } {
  const name = `.dockerfile.${hex(sha256(utf8(String(now)))).slice(0, 20)}`;
  const pipe = bytePipe();
  const sink = gathering(pipe.sink);
  // What docker sends ends with the last file's bytes: it closes the archive too late for its end to be sent.
  let missing = 0;
  const add = async (entry: NewTarEntry) => {
    const content = entry.kind === "file" ? (entry.content ?? emptyContent) : emptyContent;
    await sink.write(concat([new Uint8Array(missing), headerBytes(entry)]));
    for (const piece of contentPieces(content)) await sink.write(piece);
    missing = padding(content.size);
  };
  const ignoreLine = utf8(`\n${name}\n`);
  const work = async () => {
    let ignored = false;
    for await (const entry of readTar(archive)) {
      const { kind } = entry;
      if (kind === "other") continue;
      const isIgnore = entry.name === ".dockerignore" && kind === "file";
      ignored ||= isIgnore;
      const content = isIgnore
        ? bytesContent(concat([entry.content.read(0, entry.content.size), ignoreLine]))
        : entry.content;
      await add({ ...entry, kind, content });
    }
    const file = { kind: "file", mode: 0o600, mtime: seconds(now) } as const;
    await add({ ...file, name, content: bytesContent(dockerfile) });
    if (!ignored)
      await add({
        ...file,
        name: ".dockerignore",
        content: bytesContent(concat([utf8(".dockerignore"), ignoreLine])),
      });
    await sink.finish();
  };
  work().catch((error: Error) => pipe.sink.abort(error));
  return { archive: pipe.source, dockerfile: name };
}
