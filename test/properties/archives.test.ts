import fc from "fast-check";
import { expect, test } from "vitest";
import { TarBuilder } from "../../core/archive/write.ts";
import { bytesContent } from "../../core/files/content.ts";
import { readAll, utf8 } from "../../core/platform/bytes.ts";
import { Cancellation } from "../../core/platform/cancellation.ts";
import { ask, expectInvariants, newWorld } from "./world.testing.ts";

const seed = 20250617;

const entryNames = fc.constantFrom("a", "d/", "d/f", "./x", "/abs", "../up", "d/../../u", "etc/passwd", ".wh.etc", "etc/.wh..wh..opq", "manifest.json", "repositories", "l", "l/in", "", "é", "n".repeat(200)); // prettier-ignore
const archives = fc
  .array(
    fc.record({
      name: entryNames,
      kind: fc.constantFrom("file", "directory", "symlink", "hardlink", "fifo"),
      mode: fc.constantFrom(0o644, 0o755, 0, 0o7777),
      linkname: fc.constantFrom("a", "/etc", "../../..", "l", "nosuch"),
      text: fc.constantFrom("", "x", "[]", "null", '[{"Config":"a","RepoTags":["r:t"],"Layers":["a"]}]', "y".repeat(3000)),
    }),
    { maxLength: 7 },
  )
  .map((entries) => {
    const archive = new TarBuilder();
    for (const { text, linkname, ...entry } of entries) {
      const link = entry.kind === "symlink" || entry.kind === "hardlink";
      archive.add({
        ...entry,
        ...(link && { linkname }),
        ...(entry.kind === "file" && { content: bytesContent(utf8(text)) }),
      } as Parameters<TarBuilder["add"]>[0]);
    }
    const content = archive.finish();
    return content.read(0, content.size);
  }); // prettier-ignore
/** Some bytes changed, or the end cut off. */
const mutations = fc.tuple(
  fc.array(fc.tuple(fc.nat(), fc.nat(255)), { maxLength: 6 }),
  fc.nat(),
  fc.boolean(),
);
const mutated = (bytes: Uint8Array, [changes, cut, cuts]: [[number, number][], number, boolean]) => {
  const copy = bytes.slice(0, cuts ? cut % (bytes.length + 1) : bytes.length);
  if (copy.length > 0) for (const [at, value] of changes) copy[at % copy.length] = value;
  return copy;
};
const internal =
  /is not a function|undefined|Cannot read|is not iterable|RangeError|Invalid|call stack|BigInt/;

test("no archive breaks import, load, build or cp", { timeout: 60_000 }, async () => {
  const world = await newWorld();
  await ask(world, "POST", "/images/create?fromImage=busybox&tag=latest");
  await ask(world, "POST", "/containers/create?name=c0", utf8('{"Image":"busybox"}'));
  const saved = await world.api({
    method: "GET",
    target: "/images/busybox/get",
    headers: {},
    body: null,
    cancellation: new Cancellation(),
  });
  const whole = await readAll(saved.body);
  await fc.assert(
    fc.asyncProperty(
      fc.oneof({ weight: 3, arbitrary: archives }, fc.constant(whole)),
      mutations,
      fc.constantFrom("POST /images/create?fromSrc=-&repo=i", "POST /images/load", "POST /build", "PUT /containers/c0/archive?path=/tmp", "PUT /containers/c0/archive?path=/"),
      async (archive, mutation, request) => {
        const [method = "", target = ""] = request.split(" ");
        const answer = await ask(world, method, target, mutated(archive, mutation));
        expect(answer.body, request).not.toMatch(internal);
        expect([200, 400, 403, 404, 409, 500], request).toContain(answer.status);
        if (answer.status >= 400) expect(JSON.parse(answer.body), request).toHaveProperty("message");
        for (const line of answer.body.split(/\r?\n/).filter(Boolean)) JSON.parse(line);
        expectInvariants(world);
      },
    ),
    { seed, numRuns: 400, interruptAfterTimeLimit: 12_000, endOnFailure: true },
  ); // prettier-ignore
  await ask(world, "DELETE", "/containers/c0");
  await ask(world, "POST", "/images/prune?filters=" + encodeURIComponent('{"dangling":["false"]}'));
  expect([...world.engine.snapshotter.keys()]).toEqual([]);
});
