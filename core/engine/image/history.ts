import { systemError } from "../../errors/errors.ts";
import { parseTime } from "../../platform/time.ts";
import { chainIds } from "../../oci/digest.ts";
import type { Engine } from "../engine.ts";
import { requirePlatform } from "./platform.ts";

/** One line of docker history, the newest first. */
export interface HistoryItem {
  Comment: string;
  /** Seconds since the epoch. */
  Created: number;
  CreatedBy: string;
  /** The image that this step left here, or "<missing>". */
  Id: string;
  Size: number;
  Tags: string[] | null;
}

export function imageHistory(engine: Engine, imageRef: string, platform = ""): HistoryItem[] {
  const image = engine.images.resolve(imageRef);
  requirePlatform(image, imageRef, platform);
  const { history = [], rootfs } = image.config;
  const chain = chainIds(engine.codecs, rootfs.diff_ids);
  let layers = 0;
  const items = history.map((entry): HistoryItem => {
    let size = 0;
    if (!entry.empty_layer) {
      const chainId = chain[layers++];
      if (chainId === undefined) throw systemError("too many non-empty layers in History section");
      size = engine.snapshotter.layer(chainId)!.size;
    }
    const created = entry.created ? Number(parseTime(entry.created) / 1_000_000_000n) : 0;
    return {
      Comment: entry.comment ?? "",
      Created: created,
      CreatedBy: entry.created_by ?? "",
      Id: "<missing>",
      Size: size,
      Tags: null,
    };
  });
  items.reverse();
  // Each step further back is the image that this one was made from, as far as that is here.
  let of = engine.images.get(image.id);
  for (const item of items) {
    if (!of) break;
    item.Id = of.id;
    const tags = engine.images.tags(of.id);
    item.Tags = tags.length > 0 ? tags : null;
    of = engine.images.get(of.parent);
  }
  return items;
}
