import { collect } from "../../archive/collect.ts";
import { TarBuilder } from "../../archive/write.ts";
import { DockerError, notFound, systemError } from "../../errors/errors.ts";
import { bytesContent } from "../../files/content.ts";
import type { FileContent } from "../../files/filesystem.ts";
import type { Image } from "../../images/image.ts";
import { isDigestName } from "../../images/references.ts";
import { parseRef } from "../../images/store.ts";
import { chainIds, digestHex, digestOf } from "../../oci/digest.ts";
import { goJson, sortedMap } from "../../oci/json.ts";
import { mediaTypes } from "../../oci/manifest.ts";
import { familiarName, fullName } from "../../oci/reference.ts";
import { utf8 } from "../../platform/bytes.ts";
import { parseTime } from "../../platform/time.ts";
import type { Engine, Operation } from "../engine.ts";
import { imageEvent } from "./events.ts";
import { legacyConfigs } from "./legacy.ts";
import { requirePlatform } from "./platform.ts";

/** An image to be saved, and the tags ("busybox:latest") to be saved with it. */
interface Saved {
  image: Image;
  tags: string[];
}

/**
 * An archive of images as docker save writes it: an OCI layout that also has manifest.json and repositories for older engines.
 * Throws notFound with the texts "No such image: x", "reference does not exist".
 */
export async function imageSave(
  engine: Engine,
  operation: Operation,
  names: readonly string[],
  platform = "",
): Promise<FileContent> {
  const saved = choose(engine, names);
  for (const { image } of saved) requirePlatform(image, image.id, platform);
  const blobs = new Map<string, { content: FileContent; mtime: bigint }>();
  const items: unknown[] = [];
  const descriptors: unknown[] = [];
  const repositories: Record<string, Record<string, string>> = {};
  let newest = 0n;
  for (const { image, tags } of saved) {
    const { config, blob } = image;
    const diffIds = config.rootfs.diff_ids;
    if (diffIds.length === 0) throw systemError("empty export - not implemented");
    const mtime = config.created ? parseTime(config.created) : 0n;
    newest = mtime;
    const chain = chainIds(engine.codecs, diffIds);
    const layers: { mediaType: string; digest: string; size: number }[] = [];
    for (const [at, diffId] of diffIds.entries()) {
      const content = blobs.get(diffId)?.content ?? (await collect(engine.snapshotter.archive(chain[at]!)));
      if (!blobs.has(diffId)) blobs.set(diffId, { content, mtime });
      layers.push({ mediaType: mediaTypes.ociLayer, digest: diffId, size: content.size });
    }
    for (const legacy of legacyConfigs(engine.codecs, config, chain)) {
      blobs.set(digestOf(engine.codecs, legacy), { content: bytesContent(legacy), mtime });
    }
    blobs.set(image.id, { content: bytesContent(blob), mtime });
    const manifest = utf8(
      goJson({
        schemaVersion: 2,
        mediaType: mediaTypes.ociManifest,
        config: { mediaType: mediaTypes.ociConfig, digest: image.id, size: blob.length },
        layers,
      }),
    );
    const digest = digestOf(engine.codecs, manifest);
    blobs.set(digest, { content: bytesContent(manifest), mtime: 0n });
    const descriptor = { mediaType: mediaTypes.ociManifest, digest, size: manifest.length };
    for (const name of tags) {
      const imageRef = parseRef(name);
      const tag = imageRef.tag!;
      (repositories[familiarName(imageRef)] ??= {})[tag] = digestHex(diffIds.at(-1)!);
      const annotations = {
        "io.containerd.image.name": `${fullName(imageRef)}:${tag}`,
        "org.opencontainers.image.ref.name": tag,
      };
      descriptors.push({ ...descriptor, annotations });
    }
    // Docker puts an image without a name into the index only while that is empty.
    if (descriptors.length === 0) descriptors.push(descriptor);
    const parent = saved.some((other) => other.image.id === image.parent) ? image.parent : "";
    items.push({
      Config: blobPath(image.id),
      RepoTags: tags.length > 0 ? tags : null,
      Layers: diffIds.map(blobPath),
      ...(parent ? { Parent: parent } : {}),
      LayerSources: sortedMap(
        Object.fromEntries(
          layers.map(({ mediaType, digest, size }) => [digest, { mediaType, size, digest }]),
        ),
      ),
    });
    imageEvent(engine, "save", image.id);
    operation.trace.note("storage", "save image", { image: image.id, layers: diffIds });
  }

  const archive = new TarBuilder();
  archive.add({ name: "blobs", kind: "directory", mode: 0o755, mtime: newest });
  archive.add({ name: "blobs/sha256", kind: "directory", mode: 0o755, mtime: engine.clock.now() });
  for (const digest of [...blobs.keys()].sort())
    archive.add({ name: blobPath(digest), kind: "file", mode: 0o644, ...blobs.get(digest)! });
  const text = (name: string, content: string) =>
    archive.add({ name, kind: "file", mode: 0o644, content: bytesContent(utf8(content)) });
  text("index.json", goJson({ schemaVersion: 2, mediaType: mediaTypes.ociIndex, manifests: descriptors }));
  text("manifest.json", `${goJson(items)}\n`);
  text("oci-layout", '{"imageLayoutVersion": "1.0.0"}');
  if (Object.keys(repositories).length > 0) text("repositories", `${goJson(sortedMap(repositories))}\n`);
  return archive.finish();
}

function blobPath(digest: string): string {
  return `blobs/sha256/${digestHex(digest)}`;
}

/** The images that the names mean; a repository without tag means all its tags. */
function choose(engine: Engine, names: readonly string[]): Saved[] {
  const chosen = new Map<string, Saved>();
  const add = (id: string, name?: string) => {
    const image = engine.images.get(id);
    if (!image) {
      const path = `${engine.settings.dataRoot}/image/overlay2/imagedb/content/sha256/${digestHex(id)}`;
      throw notFound(`failed to get digest ${id}: open ${path}: no such file or directory`, { image: id });
    }
    let saved = chosen.get(id);
    if (!saved) chosen.set(id, (saved = { image, tags: [] }));
    if (name !== undefined && !isDigestName(name) && !saved.tags.includes(name)) saved.tags.push(name);
  };
  const search = (name: string) => {
    const image = engine.images.search(name);
    if (!image) throw notFound(`No such image: ${name}`, { image: name });
    add(image.id);
  };
  for (const name of names) {
    if (/^(sha256:)?[a-f0-9]{64}$/.test(name)) {
      add(name.startsWith("sha256:") ? name : `sha256:${name}`);
      continue;
    }
    const imageRef = parseSaveRef(name);
    if (familiarName(imageRef) === "sha256") search(name);
    else if (imageRef.tag || imageRef.digest) {
      const id = engine.images.references.get(imageRef);
      if (id === undefined) throw notFound("reference does not exist", { image: name });
      add(id, `${familiarName(imageRef)}${imageRef.digest ? `@${imageRef.digest}` : `:${imageRef.tag}`}`);
    } else {
      const names = engine.images.references.ofRepository(familiarName(imageRef));
      for (const [tagged, id] of names) add(id, tagged);
      if (names.length === 0) search(name);
    }
  }
  return [...chosen.values()];
}

/** Docker gives this error without a kind, so with status 500. */
function parseSaveRef(name: string) {
  try {
    return parseRef(name);
  } catch (error) {
    throw systemError((error as DockerError).message);
  }
}
