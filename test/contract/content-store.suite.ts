import { describe, expect, it } from "vitest";
import type { ContentStore } from "../../core/content/store.ts";
import { readAll, sourceOf, utf8 } from "../../core/platform/bytes.ts";
import type { ByteSource } from "../../core/platform/bytes.ts";

const hello = "sha256:2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824";

/** What every ContentStore has to do. */
export function contentStoreSuite(name: string, make: () => ContentStore | Promise<ContentStore>): void {
  describe(`content store: ${name}`, () => {
    it("takes a blob, and gives it by its digest", async () => {
      const store = await make();
      expect(store.size(hello)).toBeUndefined();
      expect(await store.ingest(sourceOf(utf8("hel"), utf8("lo")))).toEqual({ digest: hello, size: 5 });
      expect(store.size(hello)).toBe(5);
      expect(await store.read(hello)).toEqual(utf8("hello"));
      expect(await readAll(store.open(hello, 3))).toEqual(utf8("lo"));
      expect([...store.digests()]).toEqual([hello]);
      await store.ingest(sourceOf(utf8("hello")), { digest: hello, size: 5 });
      await store.remove(hello);
      expect([...store.digests()]).toEqual([]);
    });

    it("keeps nothing of a blob that is not what was expected, or ends early", async () => {
      const store = await make();
      await expect(store.ingest(sourceOf(utf8("hello!")), { digest: hello })).rejects.toThrow(
        "unexpected digest",
      );
      await expect(store.ingest(sourceOf(utf8("hello")), { size: 4 })).rejects.toThrow("unexpected size");
      let left = 1;
      const broken: ByteSource = {
        read: () => (left-- > 0 ? Promise.resolve(utf8("hel")) : Promise.reject(new Error("unexpected EOF"))),
        cancel: () => {},
      };
      await expect(store.ingest(broken)).rejects.toThrow("unexpected EOF");
      expect([...store.digests()]).toEqual([]);
    });

    it("says so when a blob is not there", async () => {
      const store = await make();
      expect(() => store.open(hello)).toThrow(expect.objectContaining({ kind: "notFound" }));
      await expect(store.read(hello)).rejects.toMatchObject({ kind: "notFound" });
      await expect(store.remove(hello)).rejects.toMatchObject({ kind: "notFound" });
    });
  });
}
