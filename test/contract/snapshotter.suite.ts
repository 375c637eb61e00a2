import { describe, expect, it } from "vitest";
import { TarBuilder } from "../../core/archive/write.ts";
import { contentSource } from "../../core/archive/collect.ts";
import type { NewTarEntry } from "../../core/archive/entry.ts";
import { bytesContent } from "../../core/files/content.ts";
import { readAll, sourceOf, text, utf8 } from "../../core/platform/bytes.ts";
import type { ByteSource } from "../../core/platform/bytes.ts";
import type { RootFs } from "../../core/files/rootfs.ts";
import type { Snapshotter } from "../../core/snapshots/snapshotter.ts";

export const file = (name: string, content = ""): NewTarEntry => ({
  name,
  kind: "file",
  mode: 0o644,
  content: bytesContent(utf8(content)),
});
export const directory = (name: string): NewTarEntry => ({ name, kind: "directory", mode: 0o755 });

export function layer(...entries: NewTarEntry[]): ByteSource {
  const builder = new TarBuilder();
  for (const entry of entries) builder.add(entry);
  return contentSource(builder.finish());
}

const put = (root: RootFs, path: string, ...entries: NewTarEntry[]) => root.extract(path, layer(...entries));
const chainOf = async (snapshots: Snapshotter, parent: string | null, ...entries: NewTarEntry[]) =>
  (await snapshots.apply(null, parent, layer(...entries))).chainId;

/** What every Snapshotter has to do. */
export function snapshotterSuite(name: string, make: () => Snapshotter | Promise<Snapshotter>): void {
  describe(`snapshotter: ${name}`, () => {
    it("lays layers over one another", async () => {
      const snapshots = await make();
      const base = await chainOf(snapshots, null, directory("d"), file("d/a", "base"), file("gone", "x"));
      const top = await chainOf(snapshots, base, file("d/a", "top"), file(".wh.gone"), file("new", "n"));
      const root = await snapshots.open(top);
      expect([await root.readdir("/"), text(await root.read("/d/a"))]).toEqual([["d", "new"], "top"]);
      expect(text(await (await snapshots.open(base)).read("/d/a"))).toBe("base");
      expect([snapshots.parent(top), snapshots.parent(base)]).toEqual([base, undefined]);
      expect(snapshots.layer(top)).toMatchObject({ size: 4 });
      expect(await snapshots.usage(top)).toMatchObject({ size: 4 });
    });

    it("gives a layer's archive back byte for byte, and takes the same layer once", async () => {
      const snapshots = await make();
      const bytes = await readAll(layer(directory("z"), file("z/b", "2"), file("a", "1")));
      const applied = await snapshots.apply(null, null, sourceOf(bytes));
      expect(applied.chainId).toBe(applied.diffId);
      expect(await readAll(snapshots.archive(applied.chainId))).toEqual(bytes);
      expect(await snapshots.apply(applied.chainId, null, sourceOf(bytes))).toEqual(applied);
      expect([...snapshots.keys()]).toEqual([applied.chainId]);
    });

    it("keeps nothing of a layer that is broken or not the one that was asked for", async () => {
      const snapshots = await make();
      const bytes = await readAll(layer(file("a", "1".repeat(2000))));
      await expect(snapshots.apply(null, null, sourceOf(bytes.slice(0, 1500)))).rejects.toThrow(
        "unexpected EOF",
      );
      await expect(snapshots.apply(null, null, layer(file("ok"), file("../evil")))).rejects.toThrow(
        'invalid entry name "../evil"',
      );
      await expect(snapshots.apply(`sha256:${"0".repeat(64)}`, null, sourceOf(bytes))).rejects.toThrow(
        "don't match",
      );
      expect([...snapshots.keys()]).toEqual([]);
    });

    it("shows what a container changed, and what Docker made for it not", async () => {
      const snapshots = await make();
      const base = await chainOf(
        snapshots,
        null,
        directory("d"),
        file("d/a", "a"),
        file("d/b", "b"),
        directory("same"),
        file("f", "f"),
      );
      await snapshots.prepare("c1", base);
      const root = await snapshots.open("c1");
      expect(await snapshots.changes("c1")).toEqual([]);
      expect(await root.readdir("/etc")).toContain("hosts");
      await root.remove("/d/a");
      await root.remove("/f");
      await put(root, "/", file("d/b", "changed"), directory("new"), file("new/x", "xyz"));
      expect(await snapshots.changes("c1")).toEqual([
        { kind: "C", path: "/d" },
        { kind: "C", path: "/d/b" },
        { kind: "D", path: "/d/a" },
        { kind: "A", path: "/new" },
        { kind: "A", path: "/new/x" },
        { kind: "D", path: "/f" },
      ]);
      expect(await snapshots.usage("c1")).toMatchObject({ size: 10 });
    });

    it("commits what was changed, the same every time, and leaves the container as it is", async () => {
      const snapshots = await make();
      const base = await chainOf(snapshots, null, directory("d"), file("d/a", "a"), file("f", "f"));
      await snapshots.prepare("c1", base);
      const root = await snapshots.open("c1");
      await root.remove("/f");
      await put(root, "/d", file("n", "new"));
      const committed = await snapshots.commit("c1");
      expect(await snapshots.commit("c1")).toEqual(committed);
      expect(snapshots.parent(committed.chainId)).toBe(base);
      const image = await snapshots.open(committed.chainId);
      expect([await image.readdir("/"), await image.readdir("/d")]).toEqual([["d"], ["a", "n"]]);
      const archive = await readAll(snapshots.archive(committed.chainId));
      expect((await snapshots.apply(null, base, sourceOf(archive))).diffId).toBe(committed.diffId);
      await put(root, "/", file("later"));
      expect(await readAll(snapshots.archive(committed.chainId))).toEqual(archive);
    });

    it("removes what nothing lies on", async () => {
      const snapshots = await make();
      const base = await chainOf(snapshots, null, file("a"));
      await snapshots.prepare("c1", base);
      await expect(snapshots.prepare("c1", base)).rejects.toMatchObject({ kind: "conflict" });
      await expect(snapshots.remove(base)).rejects.toMatchObject({ kind: "conflict" });
      await snapshots.remove("c1");
      await snapshots.remove(base);
      expect([...snapshots.keys()]).toEqual([]);
      await expect(snapshots.remove(base)).rejects.toMatchObject({ kind: "notFound" });
      await expect(snapshots.prepare("c2", base)).rejects.toMatchObject({ kind: "notFound" });
    });

    it("makes a build's own layers without what containers need", async () => {
      const snapshots = await make();
      await snapshots.prepare("b1", null, undefined, { init: false });
      const root = await snapshots.open("b1");
      expect(await root.readdir("/")).toEqual([]);
      await put(root, "/", file("x", "1"));
      expect(await snapshots.changes("b1")).toEqual([{ kind: "A", path: "/x" }]);
      expect(snapshots.parent((await snapshots.commit("b1")).chainId)).toBeUndefined();
    });
  });
}
