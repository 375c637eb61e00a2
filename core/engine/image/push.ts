import { atEndpoints } from "../distribution/connect.ts";
import type { RegistryAuth } from "../../distribution/credentials.ts";
import { RegistryError } from "../../distribution/errors.ts";
import { progressTeller, status } from "../../distribution/progress.ts";
import type { Tell } from "../../distribution/progress.ts";
import { LayerPusher } from "../distribution/push.ts";
import type { RemoteRepository } from "../../distribution/repository.ts";
import { DockerError, systemError } from "../../errors/errors.ts";
import { isDigestName } from "../../images/references.ts";
import { parseRef } from "../../images/store.ts";
import { chainIds, digestOf } from "../../oci/digest.ts";
import { mediaTypes } from "../../oci/manifest.ts";
import { familiarName, familiarRef, fullName } from "../../oci/reference.ts";
import type { ImageRef } from "../../oci/reference.ts";
import { sourceOf, utf8 } from "../../platform/bytes.ts";
import { Cancelled } from "../../platform/cancellation.ts";
import type { Engine, Operation } from "../engine.ts";
import { imageEvent } from "./events.ts";
import { requirePlatform } from "./platform.ts";

export interface ImagePushOptions {
  /** Without a tag: every tag of the repository. */
  imageRef: ImageRef;
  platform: string;
  auth: RegistryAuth;
}

/** Pushes an image, or all tags of a repository. */
export async function imagePush(
  engine: Engine,
  operation: Operation,
  { imageRef, platform, auth }: ImagePushOptions,
  tell: Tell,
): Promise<void> {
  if (platform !== "")
    requirePlatform(engine.images.resolve(familiarRef(imageRef)), familiarRef(imageRef), platform);
  const say = progressTeller(tell);
  await say(status(`The push refers to repository [${fullName(imageRef)}]`));
  const names = engine.images.references.ofRepository(familiarName(imageRef));
  if (names.length === 0)
    throw systemError(`An image does not exist locally with the tag: ${familiarName(imageRef)}`);
  try {
    await operation.trace.step("engine", "image push", { image: familiarRef(imageRef) }, (trace) =>
      atEndpoints(
        engine,
        { ...operation, trace },
        { imageRef, auth, actions: "push,pull", mirrors: false },
        (repository) => pushRepository(engine, { ...operation, trace }, repository, imageRef, say),
      ),
    );
  } catch (error) {
    if (error instanceof DockerError || error instanceof Cancelled) throw error;
    if (error instanceof RegistryError) throw systemError(error.message);
    throw error instanceof Error && error.name !== "BrokenPipe" ? systemError(error.message) : error;
  }
  imageEvent(engine, "push", familiarRef(imageRef), familiarName(imageRef));
}

async function pushRepository(
  engine: Engine,
  operation: Operation,
  repository: RemoteRepository,
  imageRef: ImageRef,
  tell: Tell,
): Promise<void> {
  const layers = new LayerPusher(engine, operation, repository, fullName(imageRef), tell);
  if (imageRef.digest) throw systemError("cannot push a digest reference");
  if (imageRef.tag) {
    const id = engine.images.references.get(imageRef);
    if (id === undefined) throw systemError(`tag does not exist: ${familiarRef(imageRef)}`);
    return pushTag(engine, repository, layers, imageRef, id, tell);
  }
  const tags = engine.images.references
    .ofRepository(familiarName(imageRef))
    .filter(([name]) => !isDigestName(name));
  if (tags.length === 0) throw systemError(`no tags to push for ${familiarName(imageRef)}`);
  for (const [name, id] of tags) await pushTag(engine, repository, layers, parseRef(name), id, tell);
}

async function pushTag(
  engine: Engine,
  repository: RemoteRepository,
  layers: LayerPusher,
  imageRef: ImageRef,
  id: string,
  tell: Tell,
): Promise<void> {
  const image = engine.images.get(id)!;
  const diffIds = image.config.rootfs.diff_ids;
  const chain = chainIds(engine.codecs, diffIds);
  if (image.chainId !== null) engine.images.hold(image.chainId);
  try {
    const descriptors = await layers.push(diffIds.map((diffId, at) => ({ diffId, chainId: chain[at]! })));
    const { blob } = image;
    if ((await repository.hasBlob(id)) === undefined) {
      const upload = await repository.startUpload();
      if (upload !== "mounted") {
        await upload.send(sourceOf(blob));
        await upload.finish(id);
        await repository.hasBlob(id);
      }
    }
    // Docker's schema 2 is written with three spaces, so that its digest is the same everywhere.
    const manifest = utf8(
      JSON.stringify(
        {
          schemaVersion: 2,
          mediaType: mediaTypes.manifest,
          config: { mediaType: mediaTypes.config, size: blob.length, digest: id },
          layers: descriptors.map(({ mediaType, size, digest }) => ({ mediaType, size, digest })),
        },
        null,
        3,
      ),
    );
    await repository.putManifest(imageRef.tag!, mediaTypes.manifest, manifest);
    const digest = digestOf(engine.codecs, manifest);
    await tell(status(`${imageRef.tag}: digest: ${digest} size: ${manifest.length}`));
    const { domain, path } = imageRef;
    if (engine.images.references.get({ domain, path, digest }) === undefined) {
      engine.images.references.set({ domain, path, digest }, id);
    }
    await tell({ progressDetail: {}, aux: { Tag: imageRef.tag, Digest: digest, Size: manifest.length } });
  } finally {
    if (image.chainId !== null) await engine.images.release(image.chainId);
  }
}
