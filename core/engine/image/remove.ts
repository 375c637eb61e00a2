import { conflict } from "../../errors/errors.ts";
import type { Container } from "../../containers/container.ts";
import { isDigestName, repositoryOf } from "../../images/references.ts";
import { parseRef } from "../../images/store.ts";
import { familiarName, familiarRef, withDefaultTag } from "../../oci/reference.ts";
import type { ImageRef } from "../../oci/reference.ts";
import type { Engine } from "../engine.ts";
import { imageEvent } from "./events.ts";
import { requirePlatform } from "./platform.ts";

/** One line of docker rmi: a name that was taken away, or an image or layer that was deleted. */
export type RemovedImage = { Untagged: string } | { Deleted: string };

export interface ImageRemoveOptions {
  force: boolean;
  /** Also the images it was made from, as far as they have no names: not with --no-prune. */
  prune: boolean;
  platform?: string;
}

/**
 * Takes a name from an image, and deletes the image when it was the last. By identifier: deletes it with its names, if they
 * are of one repository. Throws conflict with Docker's reasons: in use by a container, by another image, by several names.
 */
export async function imageRemove(
  engine: Engine,
  imageRef: string,
  options: ImageRemoveOptions,
): Promise<RemovedImage[]> {
  const image = engine.images.resolve(imageRef);
  const { id } = image;
  requirePlatform(image, imageRef, options.platform ?? "");
  const removed: RemovedImage[] = [];
  const names = engine.images.references.of(id);
  if (isIdPrefix(id, imageRef)) {
    if (isSingleReference(names)) {
      const reason = conflictOf(engine, id, {
        running: true,
        children: true,
        stopped: !options.force,
        names: false,
      });
      if (reason) throw reason.error;
      for (const name of names) untag(engine, id, parseRef(name), removed);
    }
    await deleteImage(engine, id, removed, { ...options, quiet: false });
    return removed;
  }

  const user = !options.force && isSingleReference(names) && firstUser(engine, id);
  if (user) {
    throw conflict(
      `conflict: unable to remove repository reference ${JSON.stringify(imageRef)} (must force) - container ${short(user.id)} is using its referenced image ${short(id)}`,
      { image: imageRef, container: user.id },
    );
  }
  const parsed = withDefaultTag(parseRef(imageRef));
  untag(engine, id, parsed, removed);
  if (!parsed.digest) removeLoneDigests(engine, id, familiarName(parsed), removed);
  if (engine.images.references.of(id).length > 0) return removed;
  await deleteImage(engine, id, removed, { ...options, quiet: true });
  return removed;
}

/** With its last tag a repository loses its digests of the image. */
function removeLoneDigests(engine: Engine, id: string, repository: string, removed: RemovedImage[]): void {
  const names = engine.images.references.of(id).filter((name) => repositoryOf(name) === repository);
  if (names.some((name) => !isDigestName(name))) return;
  for (const name of names) {
    engine.images.references.delete(parseRef(name));
    removed.push({ Untagged: name });
  }
}

function untag(engine: Engine, id: string, imageRef: ImageRef, removed: RemovedImage[]): void {
  engine.images.references.delete(imageRef);
  imageEvent(engine, "untag", id);
  removed.push({ Untagged: familiarRef(imageRef) });
}

async function deleteImage(
  engine: Engine,
  id: string,
  removed: RemovedImage[],
  { force, prune, quiet }: { force: boolean; prune: boolean; quiet: boolean },
): Promise<void> {
  const reason = conflictOf(engine, id, { running: true, children: true, stopped: !force, names: !force });
  if (reason) {
    const dangling =
      engine.images.references.of(id).length === 0 && engine.images.get(id)!.children.size === 0;
    if (quiet && (!dangling || reason.used)) return;
    throw reason.error;
  }
  const { parent } = engine.images.get(id)!;
  for (const name of engine.images.references.of(id)) untag(engine, id, parseRef(name), removed);
  const layers = await engine.images.delete(id);
  imageEvent(engine, "delete", id);
  removed.push({ Deleted: id }, ...layers.map((chainId) => ({ Deleted: chainId })));
  if (prune && engine.images.get(parent))
    await deleteImage(engine, parent, removed, { force: false, prune: true, quiet: true });
}

/** Why an image cannot be deleted; `used`: because of a container. */
function conflictOf(
  engine: Engine,
  id: string,
  consider: { running: boolean; children: boolean; stopped: boolean; names: boolean },
): { error: Error; used: boolean } | undefined {
  const because = (force: string, reason: string, used: boolean) => ({
    error: conflict(`conflict: unable to delete ${short(id)} (${force} be forced) - ${reason}`, {
      image: id,
    }),
    used,
  });
  if (engine.images.get(id)!.children.size > 0)
    return because("cannot", "image has dependent child images", false);
  const running = containerOf(engine, id, (container) => container.record.state.running);
  if (running)
    return because("cannot", `image is being used by running container ${short(running.id)}`, true);
  if (consider.names && engine.images.references.of(id).length > 0) {
    return because("must", "image is referenced in multiple repositories", false);
  }
  const stopped = consider.stopped && containerOf(engine, id, (container) => !container.record.state.running);
  if (stopped) return because("must", `image is being used by stopped container ${short(stopped.id)}`, true);
  return undefined;
}

function containerOf(
  engine: Engine,
  imageId: string,
  wanted: (container: Container) => boolean,
): Container | undefined {
  for (const container of engine.containers.all()) {
    if (container.record.imageId === imageId && wanted(container)) return container;
  }
  return undefined;
}

/** A container made of the image, or that has it mounted. */
function firstUser(engine: Engine, imageId: string): Container | undefined {
  for (const container of engine.containers.all()) {
    const { record } = container;
    if (record.imageId === imageId) return container;
    if (record.mounts.some(({ type, source }) => type === "image" && source === imageId)) return container;
  }
  return undefined;
}

/** All names are of one repository, and at most one is a tag. */
function isSingleReference(names: readonly string[]): boolean {
  if (names.length <= 1) return names.length === 1;
  const tags = names.filter((name) => !isDigestName(name));
  const repositories = new Set(names.map(repositoryOf));
  return tags.length <= 1 && repositories.size === 1;
}

function isIdPrefix(id: string, prefix: string): boolean {
  return id.startsWith(prefix) || id.slice(id.indexOf(":") + 1).startsWith(prefix);
}

function short(id: string): string {
  return id.slice(id.indexOf(":") + 1).slice(0, 12);
}
