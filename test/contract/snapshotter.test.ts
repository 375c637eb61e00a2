import { describe, expect, it } from "vitest";
import { MemoryFileSystem } from "../../core/files/memory.ts";
import { Tree } from "../../core/files/tree.ts";
import { MemoryMetadataStore } from "../../core/platform/metadata.ts";
import { portableCodecs } from "../../core/platform/portable-codecs.ts";
import { SeededRandom } from "../../core/platform/seeded-random.ts";
import { MemorySnapshotter } from "../../core/snapshots/memory.ts";
import { directory, file, layer, snapshotterSuite } from "./snapshotter.suite.ts";

function machine() {
  let now = 1_700_000_000_000_000_000n;
  const host = new MemoryFileSystem({ now: () => ++now }).root;
  const metadata = new MemoryMetadataStore();
  const random = new SeededRandom(1);
  const boot = () =>
    new MemorySnapshotter({ host, dataRoot: "/var/lib/docker", codecs: portableCodecs, random, metadata });
  return { host, boot };
}

snapshotterSuite("memory", () => machine().boot());

describe("the memory snapshotter", () => {
  it("lays out its directory as Docker's overlay2 does", async () => {
    const { host, boot } = machine();
    const snapshots = boot();
    const { chainId } = await snapshots.apply(null, null, layer(directory("bin"), file("bin/sh", "#!")));
    await snapshots.prepare("c1", chainId);
    const tree = new Tree(host);
    const { UpperDir, LowerDir, MergedDir, WorkDir, ID } = snapshots.describe("c1");
    const cacheId = UpperDir!.split("/").at(-2)!;
    expect(UpperDir).toMatch(/^\/var\/lib\/docker\/overlay2\/[0-9a-f]{64}\/diff$/);
    expect([MergedDir, WorkDir, ID]).toEqual([
      UpperDir!.replace("diff", "merged"),
      UpperDir!.replace("diff", "work"),
      "c1",
    ]);
    const image = snapshots.describe(chainId);
    expect(LowerDir).toBe(`${UpperDir!.replace("/diff", "-init/diff")}:${image.UpperDir}`);
    expect(image.LowerDir).toBeUndefined();
    const home = `/var/lib/docker/overlay2`;
    expect(tree.list(home, tree.inode(home))).toHaveLength(4);
    expect(tree.list("", tree.inode(`${home}/${cacheId}`)).map(([name]) => name)).toEqual([
      "diff",
      "link",
      "lower",
      "work",
    ]);
    const [mount] = snapshots.mounts("c1");
    const [lower, upper] = mount!.options;
    expect(lower).toMatch(
      /^lowerdir=\/var\/lib\/docker\/overlay2\/l\/[A-Z2-7]{26}:\/var\/lib\/docker\/overlay2\/l\/[A-Z2-7]{26}$/,
    );
    expect(upper).toBe(`upperdir=${UpperDir}`);
    expect(tree.locate(lower!.split(":")[1]!).path).toBe(image.UpperDir);
  });

  it("finds everything again after a restart", async () => {
    const { boot } = machine();
    const before = boot();
    const { chainId } = await before.apply(null, null, layer(file("a", "1")));
    await before.prepare("c1", chainId);
    const after = boot();
    expect([...after.keys()]).toEqual([chainId, "c1"]);
    expect(await (await after.open("c1")).readdir("/")).toContain("a");
    await expect(after.remove(chainId)).rejects.toMatchObject({ kind: "conflict" });
  });

  it("shows volumes where they are mounted", async () => {
    const { host, boot } = machine();
    const snapshots = boot();
    await snapshots.prepare(
      "c1",
      (await snapshots.apply(null, null, layer(directory("data"), file("data/hidden")))).chainId,
    );
    new Tree(host)
      .mkdir("/srv/v", { mode: 0o755, uid: 0, gid: 0 })
      .create("seen", { kind: "file", mode: 0o644, uid: 0, gid: 0 });
    const root = await snapshots.open("c1", [
      { destination: "/data", type: "bind", source: "/srv/v", options: ["rbind"] },
    ]);
    expect(await root.readdir("/data")).toEqual(["seen"]);
    await snapshots.open("c1", [
      { destination: "/deep/down", type: "bind", source: "/srv/v", options: ["rbind"] },
    ]);
    expect(await snapshots.changes("c1")).toEqual([
      { kind: "A", path: "/deep" },
      { kind: "A", path: "/deep/down" },
    ]);
  });

  it("refuses more layers than Docker does", async () => {
    const snapshots = machine().boot();
    let parent: string | null = null;
    for (let depth = 0; depth < 125; depth++)
      ({ chainId: parent } = await snapshots.apply(null, parent, layer(file(`${depth}`))));
    await expect(snapshots.apply(null, parent, layer(file("more")))).rejects.toThrow("max depth exceeded");
  });
});
