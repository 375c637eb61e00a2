import { expect } from "vitest";
import type { ApiResponse } from "../../core/api/exchange.ts";
import { chainIds } from "../../core/oci/digest.ts";
import { readAll, sourceOf, text } from "../../core/platform/bytes.ts";
import { Cancellation } from "../../core/platform/cancellation.ts";
import { jumping } from "../../core/simulation/kernel/pacing.ts";
import { World } from "../../core/simulation/world.ts";
import { nodeSurroundings } from "../../node-backend/simulated/surroundings.ts";

export async function newWorld(): Promise<World> {
  const world = await World.create({ ...nodeSurroundings, seed: 5, epoch: 1_750_000_000_000_000_000n });
  world.kernel.loop.pace(jumping);
  return world;
}

export interface Answer {
  status: number;
  body: string;
  headers: ApiResponse["headers"];
}

/** Sends a request, as a client that goes away after a while. */
export async function ask(world: World, method: string, target: string, body?: Uint8Array): Promise<Answer> {
  const cancellation = new Cancellation();
  const { kernel } = world;
  const leave = kernel.time.at(kernel.time.elapsed + 3e9, () => cancellation.cancel());
  const response = await world.api({
    method,
    target,
    headers: body ? { "content-type": "application/json", "content-length": String(body.length) } : {},
    body: body ? sourceOf(body) : null,
    cancellation,
  });
  response.connection?.source.cancel();
  response.connection?.sink.close();
  const answer = response.connection ? "" : text(await readAll(response.body).catch(() => new Uint8Array()));
  kernel.time.cancel(leave);
  return { status: response.status, body: answer, headers: response.headers };
}

/** What is true of every engine, always. */
export function expectInvariants({ engine }: World): void {
  const { images, containers, snapshotter } = engine;
  const needed = new Set<string>();
  for (const image of images.all()) {
    for (const chainId of chainIds(engine.codecs, image.config.rootfs.diff_ids)) {
      expect(snapshotter.has(chainId)).toBe(true);
      needed.add(chainId);
    }
    if (image.parent !== "") expect(images.get(image.parent)!.children.has(image.id)).toBe(true);
    for (const name of [...images.tags(image.id), ...images.digests(image.id)])
      expect(images.resolve(name).id).toBe(image.id);
  }
  const names = new Set<string>();
  for (const container of containers.all()) {
    names.add(container.record.name);
    expect(snapshotter.has(container.id)).toBe(true);
    for (let key = snapshotter.parent(container.id); key; key = snapshotter.parent(key)) needed.add(key);
  }
  expect(names.size).toBe(containers.size);
  for (const key of snapshotter.keys()) {
    // Nothing lies about that nobody needs: no layer, and nothing that a build or a commit made for itself.
    if (snapshotter.layer(key)) expect(needed, `layer ${key}`).toContain(key);
    else expect(containers.get(key), `snapshot ${key}`).toBeDefined();
  }
}
