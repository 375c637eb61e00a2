import { describe, expect, it } from "vitest";
import { contentBytes } from "../../files/content.ts";
import { bytesContent } from "../../files/content.ts";
import { parseTar } from "../../archive/read.ts";
import { TarBuilder } from "../../archive/write.ts";
import type { NewTarEntry } from "../../archive/entry.ts";
import { text, utf8 } from "../../platform/bytes.ts";
import { testNet } from "./registry.testing.ts";
import type { TestNet } from "./registry.testing.ts";

const file = (name: string, content: string): NewTarEntry => ({
  name,
  kind: "file",
  mode: 0o644,
  content: bytesContent(utf8(content)),
});

function tar(...entries: NewTarEntry[]): Uint8Array {
  const builder = new TarBuilder();
  for (const entry of entries) builder.add(entry);
  return contentBytes(builder.finish());
}

/** Imports an image with one file; its identifier. */
async function imported(net: TestNet, repo: string, content: string, changes = ""): Promise<string> {
  const target = `/images/create?fromSrc=-&repo=${repo}${changes && `&changes=${encodeURIComponent(changes)}`}`;
  return (await net.say("POST", target, tar(file("f", content)))).at(-1)!;
}

async function networked(): Promise<TestNet> {
  const net = await testNet();
  return net;
}

describe("images", () => {
  it("are imported, listed, inspected and described", async () => {
    const net = await networked();
    const id = await imported(net, "mine", "hello", "LABEL a=b");
    expect(id).toMatch(/^sha256:[0-9a-f]{64}$/);
    const { body } = await net.ask(
      "GET",
      `/images/json?filters=${encodeURIComponent('{"reference":["mi*"]}')}`,
    );
    expect(body).toEqual([
      {
        Containers: 0,
        Created: expect.any(Number),
        Id: id,
        Labels: { a: "b" },
        ParentId: "",
        RepoDigests: [],
        RepoTags: ["mine:latest"],
        SharedSize: -1,
        Size: 5,
      },
    ]);
    const inspected = (await net.ask("GET", "/images/mine/json")).body;
    expect(inspected).toMatchObject({
      Id: id,
      Comment: "Imported from -",
      Os: "linux",
      Architecture: "amd64",
      Size: 5,
    });
    expect(inspected.Config).toEqual({
      Cmd: null, Entrypoint: null, Env: null, Labels: { a: "b" }, OnBuild: null, User: "", Volumes: null, WorkingDir: "",
    }); // prettier-ignore
    expect((await net.ask("GET", "/images/mine/history")).body).toEqual([
      {
        Comment: "Imported from -",
        Created: expect.any(Number),
        CreatedBy: "",
        Id: id,
        Size: 5,
        Tags: ["mine:latest"],
      },
    ]);
    expect((await net.ask("GET", `/images/${id.slice(7, 15)}/json`)).body.Id).toBe(id);
    expect((await net.ask("GET", "/images/nosuch/json")).body).toEqual({
      message: "No such image: nosuch:latest",
    });
  });

  it("lose and change their names", async () => {
    const net = await networked();
    const [one, two] = [await imported(net, "a", "1"), await imported(net, "b", "2")];
    await net.ask("POST", "/images/a/tag?repo=b&tag=latest");
    const dangling = (
      await net.ask("GET", `/images/json?filters=${encodeURIComponent('{"dangling":{"true":true}}')}`)
    ).body;
    expect(dangling.map((image: { Id: string }) => image.Id)).toEqual([two]);
    expect((await net.ask("DELETE", `/images/${one.slice(7)}`)).body).toEqual({
      message: `conflict: unable to delete ${one.slice(7, 19)} (must be forced) - image is referenced in multiple repositories`,
    });
    expect((await net.ask("DELETE", "/images/a")).body).toEqual([{ Untagged: "a:latest" }]);
    const { body } = await net.ask("DELETE", "/images/b");
    expect(body.slice(0, 2)).toEqual([{ Untagged: "b:latest" }, { Deleted: one }]);
    expect(body).toHaveLength(3);
    const pruned = (await net.ask("POST", "/images/prune")).body;
    expect(pruned).toEqual({
      ImagesDeleted: [{ Deleted: two }, { Deleted: expect.any(String) }],
      SpaceReclaimed: 1,
    });
    expect([...net.engine.snapshotter.keys()].filter((key) => !net.engine.images.get(key))).toHaveLength(
      net.engine.images.count,
    );
    for (const [repo, message] of [
      ["BAD", "invalid reference format: repository name (library/BAD) must be lowercase"],
      ["sha256", "refusing to create an ambiguous tag using digest algorithm as name"],
    ]) {
      expect((await net.ask("POST", `/images/busybox/tag?repo=${repo}`)).body).toEqual({ message });
    }
  });

  it("stay while containers use them", async () => {
    const net = await networked();
    const id = await imported(net, "used", "x", 'CMD ["true"]');
    const short = id.slice(7, 19);
    const { body: container } = await net.ask("POST", "/containers/create?name=box", { Image: "used" });
    expect((await net.ask("DELETE", "/images/used")).body).toEqual({
      message: `conflict: unable to remove repository reference "used" (must force) - container ${container.Id.slice(0, 12)} is using its referenced image ${short}`,
    });
    expect((await net.ask("DELETE", `/images/${short}`)).body).toEqual({
      message: `conflict: unable to delete ${short} (must be forced) - image is being used by stopped container ${container.Id.slice(0, 12)}`,
    });
    expect((await net.ask("DELETE", `/images/${short}?force=1`)).body).toEqual([
      { Untagged: "used:latest" },
      { Deleted: id },
    ]);
    const layer = net.engine.snapshotter.parent(container.Id)!;
    await net.ask("DELETE", "/containers/box");
    expect(net.engine.snapshotter.has(layer)).toBe(false);
  });

  it("are saved and loaded again, the same", async () => {
    const net = await networked();
    const id = await imported(net, "one", "1");
    await net.ask("POST", "/images/one/tag?repo=two&tag=x");
    const { bytes } = await net.stream("GET", "/images/get?names=one&names=two:x");
    const entries = new Map(
      [...parseTar(bytesContent(bytes))].map((entry) => [entry.name, text(contentBytes(entry.content))]),
    );
    expect([...entries.keys()].filter((name) => !name.startsWith("blobs/sha256/"))).toEqual([
      "blobs/", "index.json", "manifest.json", "oci-layout", "repositories",
    ]); // prettier-ignore
    expect(JSON.parse(entries.get("manifest.json")!)).toMatchObject([
      { Config: `blobs/sha256/${id.slice(7)}`, RepoTags: ["one:latest", "two:x"] },
    ]);
    await net.ask("DELETE", "/images/one");
    await net.ask("DELETE", "/images/two:x");
    expect(net.engine.images.get(id)).toBeUndefined();
    const loaded = await net.stream("POST", "/images/load?quiet=0", bytes);
    expect(loaded.lines.filter((line) => line.status === "Loading layer")).toHaveLength(1);
    expect(loaded.lines.filter((line) => line.stream).map((line) => line.stream)).toEqual([
      "Loaded image: one:latest\n",
      "Loaded image: two:x\n",
    ]);
    expect(net.engine.images.tags(id)).toEqual(["one:latest", "two:x"]);
    expect((await net.stream("GET", "/images/one/get")).bytes.length).toBeGreaterThan(1000);
    const broken = await net.say("POST", "/images/load?quiet=1", utf8("hello world".repeat(100)));
    expect(broken).toEqual(["error: archive/tar: invalid tar header"]);
    expect((await net.say("POST", "/images/load", tar(file("x", ""))))[0]).toMatch(
      /^error: open .*docker-import-\d+\/repositories: no such file or directory$/,
    );
    expect(await net.say("POST", "/images/load", tar(file("../x", "")))).toEqual([
      'error: invalid entry name "../x"',
    ]);
  });

  it("are made of containers, whose files can be copied and compared", async () => {
    const net = await networked();
    await imported(net, "base", "base", 'CMD ["true"]');
    const { body: container } = await net.ask("POST", "/containers/create?name=box", { Image: "base" });
    await net.stream("PUT", "/containers/box/archive?path=/", tar(file("new", "n"), file("f", "changed")));
    expect((await net.ask("GET", "/containers/box/changes")).body).toEqual([
      { Path: "/f", Kind: 0 },
      { Path: "/new", Kind: 1 },
    ]);
    const { bytes } = await net.stream("GET", "/containers/box/archive?path=/new");
    expect(
      [...parseTar(bytesContent(bytes))].map(({ name, content }) => [name, text(contentBytes(content))]),
    ).toEqual([["new", "n"]]);
    expect(await net.ask("GET", "/containers/box/archive?path=/nosuch")).toMatchObject({
      status: 404,
      body: { message: "Could not find the file /nosuch in container box" },
    });
    const exported = (await net.stream("GET", "/containers/box/export")).bytes;
    expect([...parseTar(bytesContent(exported))].map(({ name }) => name).slice(0, 2)).toEqual([
      ".dockerenv",
      "dev/",
    ]);
    const committed = await net.ask("POST", "/commit?container=box&repo=made&comment=why&changes=ENV%20A=1");
    expect(committed.status).toBe(201);
    const made = (await net.ask("GET", "/images/made/json")).body;
    expect(made).toMatchObject({
      Id: committed.body.Id,
      Comment: "why",
      Config: { Env: ["A=1"], Cmd: ["true"] },
    });
    expect(made.Parent).toBe(net.engine.images.resolve("base").id);
    const history = (await net.ask("GET", "/images/made/history")).body;
    expect(
      history.map(({ CreatedBy, Size, Tags }: { CreatedBy: string; Size: number; Tags: string[] | null }) => [
        CreatedBy,
        Size,
        Tags,
      ]),
    ).toEqual([
      ["true", 8, ["made:latest"]],
      ["", 4, ["base:latest"]],
    ]);
    expect((await net.ask("DELETE", "/images/base?force=1")).body).toEqual([{ Untagged: "base:latest" }]);
    void container;
  });
});
