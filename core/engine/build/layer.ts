import type { BuildLayer } from "../../build/backend.ts";
import { randomId } from "../../platform/random.ts";
import type { Engine, Operation } from "../engine.ts";
import { commitStep } from "./commit.ts";

/** A writable layer over an image ("" is nothing), for COPY and ADD: no container is needed for these. */
export async function buildLayer(engine: Engine, operation: Operation, imageId: string): Promise<BuildLayer> {
  const key = randomId(engine.random);
  const parent = imageId === "" ? null : engine.images.resolve(imageId).chainId;
  await engine.snapshotter.prepare(key, parent, operation.trace, { init: false });
  const root = await engine.snapshotter.open(key);
  return {
    root,
    commit: (step) => commitStep(engine, operation, key, imageId, step, undefined),
    release: async () => {
      await root.close();
      await engine.snapshotter.remove(key, operation.trace);
    },
  };
}
