import { pathPattern } from "../../oci/match.ts";
import { systemError } from "../../errors/errors.ts";
import type { Image } from "../../images/image.ts";
import { isDigestName, repositoryOf } from "../../images/references.ts";
import type { Engine } from "../engine.ts";
import type { Filters } from "../../filters/filters.ts";
import { parseTimestamp } from "../timestamp.ts";

export interface ImageListOptions {
  /** With the images in between that others were made from. */
  all: boolean;
  filters: Filters;
  sharedSize: boolean;
}

/** One image of docker images, as the API has it. */
export interface ImageSummary {
  Containers: number;
  /** Seconds since the epoch. */
  Created: number;
  Id: string;
  Labels: Readonly<Record<string, string>> | null;
  ParentId: string;
  RepoDigests: string[];
  RepoTags: string[];
  /** Bytes of layers that other images have, too; -1 when that was not asked for. */
  SharedSize: number;
  Size: number;
}

/** The images that the filters leave, the newest first. Throws Docker's errors for bad filters. */
export function imageList(engine: Engine, { all, filters, sharedSize }: ImageListOptions): ImageSummary[] {
  filters.validate(["dangling", "label", "before", "since", "reference", "until"]);
  const danglingOnly = filters.bool("dangling");
  const [since, before] = period(engine, filters);
  const patterns = filters.has("reference") ? filters.get("reference").map(referencePattern) : undefined;
  const counts = containersByImage(engine);
  const shared = sharedSize ? sharedSizes(engine) : undefined;

  const found: { image: Image; summary: ImageSummary }[] = [];
  for (const image of engine.images.all()) {
    if (danglingOnly && image.children.size > 0) continue;
    if (before !== undefined && (image.created === undefined || image.created >= before)) continue;
    if (since !== undefined && (image.created === undefined || image.created <= since)) continue;
    if (filters.has("label") && !filters.labels("label", image.labels)) continue;
    const names = engine.images.references
      .of(image.id)
      .filter((name) => !patterns || patterns.some((matches) => matches(name)));
    if (names.length === 0) {
      if (patterns || (!all && image.children.size > 0)) continue;
      if (filters.has("dangling") && !danglingOnly) continue;
    } else if (danglingOnly && names.some((name) => !isDigestName(name))) continue;
    found.push({
      image,
      summary: {
        Containers: counts.get(image.id) ?? 0,
        Created: image.created === undefined ? 0 : Number(image.created / 1_000_000_000n),
        Id: image.id,
        Labels: image.labels,
        ParentId: image.parent,
        RepoDigests: names.filter(isDigestName),
        RepoTags: names.filter((name) => !isDigestName(name)),
        SharedSize: shared?.get(image.id) ?? -1,
        Size: image.size,
      },
    });
  }
  // Docker sorts by whole seconds and takes them in any order within; the later made comes first here.
  return found
    .reverse()
    .sort((a, b) => b.summary.Created - a.summary.Created)
    .map(({ summary }) => summary);
}

/** Between which moments an image has to be made, both exclusive. */
function period(engine: Engine, filters: Filters): [since: bigint | undefined, before: bigint | undefined] {
  let since: bigint | undefined;
  let before: bigint | undefined;
  const earlier = (moment: bigint | undefined) => {
    if (moment !== undefined && (before === undefined || moment < before)) before = moment;
  };
  for (const imageRef of filters.get("before")) earlier(engine.images.resolve(imageRef).created);
  for (const until of filters.get("until")) earlier(parseTimestamp(until, engine.clock.now()));
  for (const imageRef of filters.get("since")) {
    const { created } = engine.images.resolve(imageRef);
    if (created !== undefined && (since === undefined || created > since)) since = created;
  }
  return [since, before];
}

/** Whether a name or its repository matches a shell pattern. */
function referencePattern(pattern: string): (name: string) => boolean {
  let expression: RegExp;
  try {
    expression = pathPattern(pattern);
  } catch (error) {
    throw systemError((error as Error).message);
  }
  return (name) => expression.test(name) || expression.test(repositoryOf(name));
}

export function containersByImage(engine: Engine): Map<string, number> {
  const counts = new Map<string, number>();
  for (const { record } of engine.containers.all())
    counts.set(record.imageId, (counts.get(record.imageId) ?? 0) + 1);
  return counts;
}

/** For each image, the bytes of its layers that other images have, too. */
export function sharedSizes(engine: Engine): Map<string, number> {
  const uses = new Map<string, number>();
  const chains = new Map<string, string[]>();
  for (const image of engine.images.all()) {
    const chain = chainOf(engine, image.chainId);
    chains.set(image.id, chain);
    for (const chainId of chain) uses.set(chainId, (uses.get(chainId) ?? 0) + 1);
  }
  const sizes = new Map<string, number>();
  for (const [id, chain] of chains) {
    const shared = chain.filter((chainId) => uses.get(chainId)! > 1);
    sizes.set(
      id,
      shared.reduce((sum, chainId) => sum + (engine.snapshotter.layer(chainId)?.size ?? 0), 0),
    );
  }
  return sizes;
}

/** A layer and all below it. */
export function chainOf(engine: Engine, chainId: string | null): string[] {
  const chain: string[] = [];
  for (let next = chainId ?? undefined; next !== undefined; next = engine.snapshotter.parent(next))
    chain.push(next);
  return chain;
}
