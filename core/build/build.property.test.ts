import fc from "fast-check";
import { expect, test } from "vitest";
import { contentSource } from "../archive/collect.ts";
import { TarBuilder } from "../archive/write.ts";
import { testEngine } from "../engine/engine.testing.ts";
import { bytesContent } from "../files/content.ts";
import { chainIds } from "../oci/digest.ts";
import { readAll, sourceOf, text, utf8 } from "../platform/bytes.ts";
import { Cancellation } from "../platform/cancellation.ts";
import { parseDockerfile } from "./dockerfile/parse.ts";
import { instructions } from "./dockerfile/instructions.ts";
import { expandToWords } from "./dockerfile/shell_lexer.ts";

const fragments = fc.constantFrom(
  ...instructions.flatMap(({ keyword }) => [`${keyword} `, `${keyword.toLowerCase()} `]),
  ...'\n|\\\n|\\|`|"|\'|$|${|}|:-|#|# escape=`\n|<<EOF|EOF|[|]|","|=| |a|b=c|--from=|--chown=0|/|..|*|é|\t|\r\n|80/tcp|busybox|scratch| AS |f|\u0000'.split(
    "|",
  ),
);
const dockerfiles = fc
  .array(fragments, { maxLength: 30 })
  .map((parts) => parts.join(""))
  .chain((body) => fc.constantFrom(body, `FROM busybox\n${body}`, `FROM scratch\n${body}`));

test("a Dockerfile is read, or refused with a reason", () => {
  fc.assert(
    fc.property(fc.oneof(dockerfiles, fc.string({ unit: "binary" })), (dockerfile) => {
      try {
        const graph = parseDockerfile(dockerfile);
        expect(graph.stages.every((stage) => stage.source !== "")).toBe(true);
      } catch (error) {
        expect((error as Error).constructor).toBe(Error);
        expect((error as Error).message).not.toBe("");
      }
    }),
    { numRuns: 2000 },
  );
});

test("words are expanded, or refused with a reason", () => {
  fc.assert(
    fc.property(
      fc.array(fragments).map((parts) => parts.join("")),
      (word) => {
        try {
          const words = expandToWords(word, (name) => (name === "a" ? "x y" : undefined), { escape: "\\" });
          expect(words.every((item) => item !== "")).toBe(true);
        } catch (error) {
          expect((error as Error).constructor).toBe(Error);
        }
      },
    ),
    { numRuns: 2000 },
  );
});

test("no build breaks the engine", async () => {
  const { api, engine } = await testEngine();
  const holds = () => {
    for (const image of engine.images.all()) {
      for (const chainId of chainIds(engine.codecs, image.config.rootfs.diff_ids))
        expect(engine.snapshotter.has(chainId)).toBe(true);
      if (image.parent !== "") expect(engine.images.get(image.parent)!.children.has(image.id)).toBe(true);
    }
    // Nothing that a build has made for itself is left behind.
    const active = [...engine.snapshotter.keys()].filter((key) => !engine.snapshotter.layer(key));
    expect(active.every((key) => engine.containers.get(key) !== undefined)).toBe(true);
  };
  await fc.assert(
    fc.asyncProperty(
      dockerfiles,
      fc.constantFrom("", "nocache=1", "forcerm=1", "target=a", "q=1"),
      async (dockerfile, query) => {
        const archive = new TarBuilder();
        for (const [name, content] of [
          ["Dockerfile", dockerfile],
          ["f", "f"],
          ["a", "a"],
        ] as const)
          archive.add({ name, kind: "file", mode: 0o644, content: bytesContent(utf8(content)) });
        const response = await api({
          method: "POST",
          target: `/build?${query}`,
          headers: {},
          body: contentSource(archive.finish()),
          cancellation: new Cancellation(),
        });
        const body = text(await readAll(response.body));
        expect([200, 400]).toContain(response.status);
        for (const line of body.split(/\r?\n/).filter(Boolean))
          expect(() => JSON.parse(line) as unknown).not.toThrow();
        holds();
      },
    ),
    { numRuns: 150 },
  );
}, 60_000);

test("no context breaks the engine", async () => {
  const { api } = await testEngine();
  const good = new TarBuilder();
  good.add({
    name: "Dockerfile",
    kind: "file",
    mode: 0o644,
    content: bytesContent(utf8("FROM busybox\nCOPY . /x/\n")),
  });
  good.add({ name: "d/", kind: "directory", mode: 0o755 });
  good.add({ name: "d/l", kind: "symlink", mode: 0o777, linkname: "../../../etc/passwd" });
  const archive = good.finish();
  const bytes = archive.read(0, archive.size);
  const mutated = fc
    .array(fc.tuple(fc.nat(bytes.length - 1), fc.nat(255)), { minLength: 1, maxLength: 8 })
    .map((changes) => {
      const copy = bytes.slice();
      for (const [at, value] of changes) copy[at] = value;
      return copy;
    });
  await fc.assert(
    fc.asyncProperty(fc.oneof(mutated, fc.uint8Array({ maxLength: 2000 })), async (context) => {
      const response = await api({
        method: "POST",
        target: "/build",
        headers: {},
        body: sourceOf(context),
        cancellation: new Cancellation(),
      });
      await readAll(response.body);
      expect([200, 400, 500]).toContain(response.status);
    }),
    { numRuns: 200 },
  );
}, 60_000);
