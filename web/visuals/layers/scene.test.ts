import { expect, test } from "vitest";
import { humanSize, layOut, shortCommand } from "./scene.ts";

const layer = (chainId: string, parent: string | null, size = 1) => ({
  chainId,
  diffId: `d-${chainId}`,
  parent,
  size,
  createdBy: "",
});
const image = (id: string, top: string, tags: string[]) => ({
  id,
  layers: [top],
  tags,
  digests: [],
  dangling: tags.length === 0,
  created: "",
  size: 1,
});

test("a shared layer is drawn once, as wide as what lies on it", () => {
  const scene = layOut({
    layers: [layer("base", null), layer("a", "base"), layer("b", "base")],
    images: [image("sha256:one", "a", ["one:1"]), image("sha256:two", "b", [])],
    containers: [
      {
        id: "c1",
        name: "web",
        imageId: "sha256:one",
        chainId: "a",
        status: "running",
        changes: { added: 1, changed: 0, deleted: 2 },
      },
    ],
  });
  const at = (key: string) => scene.boxes.find((box) => box.key === key)!;
  expect(scene.boxes.map(({ key, row, kind }) => `${kind} ${key} ${row}`)).toEqual([
    "layer base 0",
    "layer a 1",
    "image sha256:one 2",
    "container c1 3",
    "layer b 1",
    "image sha256:two 2",
  ]);
  expect(at("base").width).toBe(at("a").width + 10 + at("b").width);
  expect(at("sha256:two").dangling).toBe(true);
  expect(scene.flags.map(({ key, row }) => [key, row])).toEqual([["one:1", 2]]);
  expect(scene.rows).toBe(4);
});

test("an image without layers stands on the ground", () => {
  const scene = layOut({
    layers: [],
    images: [{ ...image("sha256:x", "", ["scratch:1"]), layers: [] }],
    containers: [],
  });
  expect(scene.boxes.map(({ key, row }) => [key, row])).toEqual([["sha256:x", 0]]);
});

test("what made a layer", () => {
  expect(shortCommand('/bin/sh -c #(nop)  CMD ["sh"]')).toBe('CMD ["sh"]');
  expect(shortCommand("/bin/sh -c #(nop) COPY file:abc123 in /f ")).toBe("COPY … /f");
  expect(shortCommand("/bin/sh -c apt-get update")).toBe("RUN apt-get update");
  expect(shortCommand("|1 WHO=x /bin/sh -c echo hi")).toBe("RUN echo hi");
  expect(shortCommand("")).toBe("imported");
});

test("sizes", () =>
  expect([0, 999, 1980000, 2_500_000_000].map(humanSize)).toEqual(["0B", "999B", "1.98MB", "2.5GB"]));
