import { collect, contentSource } from "../../archive/collect.ts";
import { decompress } from "../../archive/compression.ts";
import { parseTar } from "../../archive/read.ts";
import { unpack } from "../../archive/unpack.ts";
import { progressSource } from "../../distribution/progress.ts";
import type { Tell } from "../../distribution/progress.ts";
import { systemError } from "../../errors/errors.ts";
import { contentBytes } from "../../files/content.ts";
import { describeErrno } from "../../files/errno.ts";
import { Errno } from "../../files/filesystem.ts";
import type { FileContent } from "../../files/filesystem.ts";
import { MemoryFileSystem } from "../../files/memory.ts";
import { contentOf } from "../../files/overlay.ts";
import { Tree } from "../../files/tree.ts";
import { checkOs, parseRef } from "../../images/store.ts";
import { isObject, parseImageConfig } from "../../oci/config.ts";
import { chainIds, digestHex } from "../../oci/digest.ts";
import { familiarRef } from "../../oci/reference.ts";
import { text } from "../../platform/bytes.ts";
import type { ByteSource } from "../../platform/bytes.ts";
import { randomBelow } from "../../platform/random.ts";
import type { Engine, Operation } from "../engine.ts";
import { imageEvent } from "./events.ts";
import { loadLegacy } from "./load-legacy.ts";
import { requirePlatform } from "./platform.ts";

/** Takes the images of an archive that docker save made. What it did goes to `tell`; `quiet` leaves the bars out. */
export async function imageLoad(
  engine: Engine,
  operation: Operation,
  archive: ByteSource,
  { quiet, platform, tell }: { quiet: boolean; platform: string; tell: Tell },
): Promise<void> {
  const files = await ArchiveFiles.open(engine, archive);
  const loader = new ImageLoader(engine, operation, files, platform, quiet ? undefined : tell);
  try {
    const manifest = files.find("manifest.json");
    if (!manifest) return await loadLegacy(engine, files, loader, tell);
    await loadManifest(engine, loader, parseItems(manifest), tell);
  } finally {
    await loader.release();
  }
}

/** The files of an archive, unpacked; they stay slices of it. */
export class ArchiveFiles {
  readonly tree: Tree;
  /** Where the real engine would have unpacked it; error texts name it. */
  readonly #path: string;

  private constructor(tree: Tree, path: string) {
    this.tree = tree;
    this.#path = path;
  }

  static async open(engine: Engine, archive: ByteSource): Promise<ArchiveFiles> {
    const content = decompress(await collect(archive), engine.codecs);
    const tree = new Tree(new MemoryFileSystem({ now: () => engine.clock.now() }).root);
    unpack(tree, "/", parseTar(content));
    const path = `${engine.settings.dataRoot}/tmp/docker-import-${randomBelow(engine.random, 2 ** 31)}`;
    return new ArchiveFiles(tree, path);
  }

  find(path: string): FileContent | undefined {
    try {
      const { inode } = this.tree.locate(path);
      return inode?.kind === "file" ? contentOf(inode) : undefined;
    } catch (error) {
      if (error instanceof Errno) return undefined;
      throw error;
    }
  }

  /** Throws "open …: no such file or directory". */
  open(path: string): FileContent {
    const content = this.find(path);
    if (!content) throw systemError(`open ${this.#path}/${path}: ${describeErrno("ENOENT")}`);
    return content;
  }
}

interface Item {
  Config: string;
  RepoTags: string[];
  Layers: string[];
  Parent: string;
}

function parseItems(content: FileContent): Item[] {
  const parsed = parseJson(content);
  if (parsed === null) throw systemError("invalid manifest, manifest cannot be null (but can be [])");
  if (!Array.isArray(parsed) || !parsed.every(isObject)) {
    throw systemError("json: cannot unmarshal object into Go value of type []tarexport.manifestItem");
  }
  const strings = (value: unknown) =>
    Array.isArray(value) ? value.filter((item) => typeof item === "string") : [];
  return parsed.map(({ Config, RepoTags, Layers, Parent }) => ({
    Config: typeof Config === "string" ? Config : "",
    RepoTags: strings(RepoTags),
    Layers: strings(Layers),
    Parent: typeof Parent === "string" ? Parent : "",
  }));
}

/** Throws systemError. */
export function parseJson(content: FileContent): unknown {
  try {
    return JSON.parse(text(contentBytes(content)));
  } catch {
    throw systemError("invalid character in JSON");
  }
}

async function loadManifest(
  engine: Engine,
  loader: ImageLoader,
  items: readonly Item[],
  tell: Tell,
): Promise<void> {
  const loaded: { id: string; parent: string }[] = [];
  let named = 0;
  for (const item of items) {
    const id = await loader.load(item);
    if (id === undefined) continue;
    named = 0;
    for (const name of item.RepoTags) {
      const imageRef = parseRef(name);
      if (!imageRef.tag) throw systemError(`invalid tag ${JSON.stringify(name)}`);
      await loader.tag(name, id, tell);
      await tell({ stream: `Loaded image: ${familiarRef(imageRef)}\n` });
      named++;
    }
    loaded.push({ id, parent: item.Parent });
    imageEvent(engine, "load", id);
  }
  for (const { id, parent } of loaded) {
    if (loaded.some((other) => other.id === parent && other.id !== id)) engine.images.setParent(id, parent);
  }
  // Docker names the identifiers only when the last image had no name.
  if (named === 0) for (const { id } of loaded) await tell({ stream: `Loaded image ID: ${id}\n` });
}

/** Takes single images in, and keeps their layers from being removed meanwhile. */
export class ImageLoader {
  readonly #engine: Engine;
  readonly #operation: Operation;
  readonly #files: ArchiveFiles;
  readonly #platform: string;
  readonly #tell: Tell | undefined;
  readonly #held: string[] = [];

  constructor(
    engine: Engine,
    operation: Operation,
    files: ArchiveFiles,
    platform: string,
    tell: Tell | undefined,
  ) {
    this.#engine = engine;
    this.#operation = operation;
    this.#files = files;
    this.#platform = platform;
    this.#tell = tell;
  }

  /** Returns its identifier; undefined when it is for another platform than the one asked for. */
  async load(item: Item): Promise<string | undefined> {
    const blob = contentBytes(this.#files.open(item.Config));
    const config = parseImageConfig(blob);
    if (config.os !== "" && config.os.toLowerCase() !== "linux")
      throw systemError(`cannot load ${config.os} image on linux`);
    checkOs(config.os);
    if (this.#platform !== "" && !this.#isWanted(config)) return undefined;
    const diffIds = config.rootfs.diff_ids;
    if (item.Layers.length !== diffIds.length) {
      throw systemError(
        `invalid manifest, layers length mismatch: expected ${item.Layers.length}, got ${diffIds.length}`,
      );
    }
    const chain = chainIds(this.#engine.codecs, diffIds);
    for (const [at, diffId] of diffIds.entries()) {
      const chainId = chain[at]!;
      if (!this.#engine.snapshotter.has(chainId)) {
        const applied = await this.layer(this.#files.open(item.Layers[at]!), chain[at - 1] ?? null, diffId);
        if (applied.diffId !== diffId) {
          throw systemError(
            `invalid diffID for layer ${at}: expected ${JSON.stringify(diffId)}, got ${JSON.stringify(applied.diffId)}`,
          );
        }
      }
      this.#hold(chainId);
    }
    return this.#engine.images.create(blob).id;
  }

  #isWanted(config: Parameters<typeof requirePlatform>[0]["config"]): boolean {
    try {
      requirePlatform({ config }, "", this.#platform);
      return true;
    } catch {
      return false;
    }
  }

  /** Unpacks one layer; `id` is what the bar is for. */
  async layer(
    archive: FileContent,
    parent: string | null,
    id: string,
  ): Promise<{ diffId: string; chainId: string }> {
    const { clock, snapshotter, codecs } = this.#engine;
    let source = contentSource(archive);
    const shown = digestHex(id).slice(0, 12);
    if (this.#tell) {
      const watched = progressSource(smallPieces(archive), {
        clock,
        tell: this.#tell,
        id: shown,
        action: "Loading layer",
        total: archive.size,
      });
      while (await watched.read());
    }
    source = contentSource(decompress(archive, codecs));
    const applied = await snapshotter.apply(null, parent, source, this.#operation.trace);
    this.#hold(applied.chainId);
    return applied;
  }

  /** Gives an image its name, and tells of the image that loses it. */
  async tag(name: string, id: string, tell: Tell): Promise<void> {
    const imageRef = parseRef(name);
    const before = this.#engine.images.references.get(imageRef);
    if (before !== undefined && before !== id) {
      await tell({
        stream: `The image ${familiarRef(imageRef)} already exists, renaming the old one with ID ${before} to empty string\n`,
      });
    }
    this.#engine.images.references.set(imageRef, id);
  }

  #hold(chainId: string): void {
    this.#engine.images.hold(chainId);
    this.#held.push(chainId);
  }

  async release(): Promise<void> {
    for (const chainId of this.#held.splice(0).reverse()) await this.#engine.images.release(chainId);
  }
}

/** The archive in the pieces in which Docker copies it, so that the bar moves as there. */
function smallPieces(archive: FileContent): ByteSource {
  let at = 0;
  return {
    async read() {
      const length = Math.min(32768, archive.size - at);
      at += length;
      return length > 0 ? new Uint8Array(length) : null;
    },
    cancel: () => void (at = archive.size),
  };
}
