import { expect, it } from "vitest";
import { MemoryContentStore } from "../../core/content/memory.ts";
import type { KnownBlob } from "../../core/content/store.ts";
import { readAll, sourceOf, utf8 } from "../../core/platform/bytes.ts";
import { portableCodecs } from "../../core/platform/portable-codecs.ts";
import { contentStoreSuite } from "./content-store.suite.ts";

contentStoreSuite("memory", () => new MemoryContentStore(portableCodecs));

it("keeps of a blob that is known beforehand only where it comes from", async () => {
  const store = new MemoryContentStore(portableCodecs);
  let opened = 0;
  const known = {
    digest: `sha256:${"a".repeat(64)}`,
    size: 400e6,
    open: () => (opened++, sourceOf(utf8("made now"))),
  };
  const blob: KnownBlob = { read: () => Promise.reject(new Error("read")), cancel: () => {}, known };
  await store.ingest(blob, { size: 400e6 });
  expect([store.size(known.digest), opened]).toEqual([400e6, 0]);
  expect(await readAll(store.open(known.digest))).toEqual(utf8("made now"));
});
