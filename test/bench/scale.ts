import { contentSource } from "../../core/archive/collect.ts";
import { TarBuilder } from "../../core/archive/write.ts";
import { bytesContent } from "../../core/files/content.ts";
import { parseImageRef } from "../../core/oci/reference.ts";
import { readAll, sourceOf, text, utf8 } from "../../core/platform/bytes.ts";
import { Cancellation } from "../../core/platform/cancellation.ts";
import { median, report, startMachine, timed } from "./machine.ts";

const { world, docker } = await startMachine();
const { engine, api } = world;

// 25 stacks of 20 layers; each image stands on one, at some height.
const stacks: string[][] = [];
for (let stack = 0; stack < 25; stack++) {
  const diffIds: string[] = [];
  let parent: string | null = null;
  for (let height = 0; height < 20; height++) {
    const archive = new TarBuilder();
    const content = bytesContent(utf8(`layer ${stack}/${height}\n`));
    archive.add({ name: `layer-${stack}-${height}`, kind: "file", mode: 0o644, content });
    const layer = await engine.snapshotter.apply(null, parent, contentSource(archive.finish()));
    parent = layer.chainId;
    diffIds.push(layer.diffId);
  }
  stacks.push(diffIds);
}
const images: string[] = [];
for (let at = 0; at < 10_000; at++) {
  const diffIds = stacks[at % 25]!.slice(0, 1 + (Math.floor(at / 25) % 20));
  const image = engine.images.create(
    utf8(
      JSON.stringify({
        architecture: "amd64",
        os: "linux",
        created: new Date(1_700_000_000_000 + at * 1000).toISOString(),
        config: { Cmd: ["true"], Labels: { number: String(at) } },
        rootfs: { type: "layers", diff_ids: diffIds },
        history: diffIds.map((_, height) => ({ created_by: `RUN step ${height}` })),
      }),
    ),
  );
  engine.images.tag(parseImageRef(`image-${at}:latest`), image.id);
  images.push(image.id);
}
for (let at = 0; at < 10_000; at++) {
  const response = await api({
    method: "POST",
    target: `/v1.51/containers/create?name=container-${at}`,
    headers: { "content-type": "application/json" },
    body: sourceOf(utf8(JSON.stringify({ Image: images[at], Cmd: ["true"] }))),
    cancellation: new Cancellation(),
  });
  const answer = text(await readAll(response.body));
  if (response.status !== 201) throw new Error(answer);
}
globalThis.gc!();
const heap = process.memoryUsage().heapUsed;
for (const args of [["ps", "-a"], ["images"]]) {
  const lines = (await docker(...args)).split("\n").length - 2;
  if (lines !== 10_000) throw new Error(`docker ${args.join(" ")} printed ${lines} lines`);
  const { times, processor } = await timed(9, () => docker(...args));
  report(`docker ${args.join(" ")}, 10,000 of each, median`, `${median(times).toFixed(0)} ms`, "< 150 ms");
  report("  processor time of one", `${processor.toFixed(0)} ms`, "< 150 ms");
}
globalThis.gc!();
const after = process.memoryUsage().heapUsed;
report("heap with 10,000 images and 10,000 containers", `${(heap / 1e6).toFixed(0)} MB`, "< 400 MB");
report("heap after listing them", `${(after / 1e6).toFixed(0)} MB`, "< 400 MB");
process.exit(0);
