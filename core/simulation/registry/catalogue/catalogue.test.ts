import { createHash } from "node:crypto";
import { describe, expect, test } from "vitest";
import { parseTar } from "../../../archive/read.ts";
import { contentBytes } from "../../../files/content.ts";
import { parseImageConfig } from "../../../oci/config.ts";
import { concat, readAll, text } from "../../../platform/bytes.ts";
import type { Codecs } from "../../../platform/digests.ts";
import { portableCodecs } from "../../../platform/portable-codecs.ts";
import { programOf } from "../../kernel/elf.ts";
import { buildRecipe, digestsOf } from "./build.ts";
import { catalogue } from "./catalogue.ts";
import { bulk } from "./content.ts";
import known from "./digests.json";
import { gzipPieces } from "./gzip.ts";
import { configBytes, layersOf, published } from "./publish.ts";
import type { Recipe } from "./recipe.ts";
import { recipes } from "./recipes.ts";
import { layerArchive } from "./tree.ts";

/** Node's SHA-256: the catalogue is a gigabyte. */
const codecs: Codecs = {
  ...portableCodecs,
  sha256() {
    const hash = createHash("sha256");
    return {
      update(bytes) {
        hash.update(bytes);
        return this;
      },
      hex: () => hash.digest("hex"),
    };
  },
};

describe("the builder makes what the catalogue says", () => {
  test.each(recipes.map((recipe) => [recipe.name, recipe] as [string, Recipe]))(
    "%s",
    async (name, recipe) => {
      expect(await digestsOf(recipe, codecs)).toEqual((known as Record<string, unknown>)[name]);
    },
    120_000,
  );
});

test("the configuration that is published is the one that was built", async () => {
  for (const recipe of recipes.filter(({ name }) => name === "hello-world" || name === "registry-2")) {
    const { config, diffIds } = await buildRecipe(recipe, codecs);
    const { config: shown } = parseImageConfig(configBytes(recipe, diffIds));
    for (const [field, value] of Object.entries(published(config)))
      expect([field, shown![field as "Cmd"]]).toEqual([field, value]);
  }
});

test("what is published hangs together", async () => {
  for (const { tags } of catalogue) {
    for (const { manifest, config, layers } of tags.flatMap(({ publications }) => publications)) {
      expect(`sha256:${codecs.sha256().update(manifest.bytes).hex()}`).toBe(manifest.digest);
      expect(`sha256:${codecs.sha256().update(config.bytes).hex()}`).toBe(config.digest);
      const listed = JSON.parse(text(manifest.bytes)) as {
        config: { digest: string; size: number };
        layers: { digest: string; size: number }[];
      };
      expect(listed.config).toMatchObject({ digest: config.digest, size: config.bytes.length });
      expect(listed.layers.map(({ digest, size }) => ({ digest, size }))).toEqual(
        layers.map(({ digest, size }) => ({ digest, size })),
      );
      const { history, rootfs } = parseImageConfig(config.bytes);
      expect(rootfs.diff_ids).toEqual(layers.map(({ layer }) => layer!.diffId));
      expect(history!.filter((entry) => !entry.empty_layer)).toHaveLength(layers.length);
    }
  }
});

test("a layer's blob is the archive, compressed, from any offset", async () => {
  const hello = catalogue.find(({ repository }) => repository === "library/hello-world")!;
  const [layer] = hello.tags[0]!.publications[0]!.layers;
  const blob = await readAll(layer!.open());
  expect(blob.length).toBe(layer!.size);
  expect(portableCodecs.gunzip(blob)).toEqual(contentBytes(layer!.layer!.archive));
  expect(await readAll(layer!.open(100))).toEqual(blob.subarray(100));
});

test("shared layers are shared", () => {
  const layersOfTag = (repository: string, tag: string, index = 0) =>
    catalogue
      .find((image) => image.repository === `library/${repository}`)!
      .tags.find((candidate) => candidate.tag === tag)!
      .publications[index]!.layers.map(({ digest }) => digest);
  expect(layersOfTag("nginx", "alpine")[0]).toBe(layersOfTag("alpine", "latest")[0]);
  const [before, after] = [layersOfTag("mongo", "3.2"), layersOfTag("mongo", "3.2", 1)];
  expect(before.map((digest, at) => digest === after[at])).toEqual([
    true, true, true, true, true, true, false, false, false, false,
  ]); // prettier-ignore
});

test("programs are known by their content, and sizes are those of the real images", async () => {
  const sizes: Record<string, number> = {};
  for (const recipe of recipes) {
    sizes[recipe.name] = 0;
    for (const archive of layersOf(recipe)) {
      for (const { name, content } of parseTar(archive())) {
        sizes[recipe.name]! += content.size;
        if (recipe.name === "busybox" && name === "bin/[")
          expect(programOf(content)).toEqual({ program: "busybox", version: "1.37.0" });
      }
    }
  }
  const megabytes = Object.entries(sizes).map(([name, size]) => `${name} ${(size / 1e6).toPrecision(3)}`);
  expect(megabytes).toEqual([
    "hello-world 0.0101",
    "busybox 4.43",
    "alpine 8.31",
    "ubuntu-24.04 78.1",
    "ubuntu-22.04 77.9",
    "nginx 192",
    "nginx-alpine 52.5",
    "mongo-3.2.20 303",
    "mongo-3.2.21 303",
    "registry-2 25.2",
  ]);
});

test("bytes that are made when they are read are the same in any portion", () => {
  const content = bulk("x", 10_007, 0.3);
  const whole = contentBytes(content);
  for (const [offset, length] of [
    [0, 1],
    [1, 5],
    [2999, 10],
    [3001, 7],
    [10_000, 100],
    [20_000, 1],
  ] as const)
    expect(content.read(offset, length)).toEqual(whole.slice(offset, offset + length));
  expect(whole.length).toBe(10_007);
});

test("gzip of runs and of anything else", () => {
  for (const bytes of [
    new Uint8Array(0),
    new Uint8Array(1),
    new Uint8Array(200_000),
    Uint8Array.from({ length: 100_000 }, (_, at) => at * 7),
    Uint8Array.from({ length: 70_000 }, (_, at) => (at % 1000 < 500 ? 0 : at)),
    Uint8Array.from({ length: 65_600 }, (_, at) => (at < 65_530 ? 1 : 0)),
  ]) {
    const content = {
      size: bytes.length,
      read: (at: number, length: number) => bytes.subarray(at, at + length),
    };
    expect(portableCodecs.gunzip(concat([...gzipPieces(content)]))).toEqual(bytes);
  }
});

test("a tree is archived as committing it would", () => {
  const archive = layerArchive(
    {
      "/b/x": { text: "x" },
      "/a": { link: "b" },
      "/b": { directory: true, mode: 0o700 },
      "/gone": { removed: true },
    },
    5_000_000_000n,
  );
  expect([...parseTar(archive)].map(({ name, kind, mode }) => [name, kind, mode.toString(8)])).toEqual([
    ["a", "symlink", "777"],
    ["b/", "directory", "700"],
    ["b/x", "file", "644"],
    [".wh.gone", "file", "600"],
  ]);
});
