import type { Engine } from "../engine.ts";
import { Filters } from "../../filters/filters.ts";
import { chainOf, imageList } from "./list.ts";
import type { ImageSummary } from "./list.ts";

/** What docker system df shows of images: all of them, and the bytes of all layers, each counted once. */
export function imageUsage(engine: Engine): { images: ImageSummary[]; layersSize: number } {
  const images = imageList(engine, { all: false, filters: new Filters(), sharedSize: true });
  const layers = new Set<string>();
  for (const image of engine.images.all()) {
    // An image in between counts with the one that was made from it.
    if (image.children.size > 0 && engine.images.references.of(image.id).length === 0) continue;
    for (const chainId of chainOf(engine, image.chainId)) layers.add(chainId);
  }
  let layersSize = 0;
  for (const chainId of layers) layersSize += engine.snapshotter.layer(chainId)!.size;
  return { images, layersSize };
}
