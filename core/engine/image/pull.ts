import { formatPlatform } from "../../build/platform.ts";
import type { Platform } from "../../build/platform.ts";
import { atEndpoints } from "../distribution/connect.ts";
import type { RegistryAuth } from "../../distribution/credentials.ts";
import { RegistryError } from "../../distribution/errors.ts";
import { progressTeller, status } from "../../distribution/progress.ts";
import type { Tell } from "../../distribution/progress.ts";
import { pullLayers } from "../distribution/pull.ts";
import type { RemoteManifest, RemoteRepository } from "../../distribution/repository.ts";
import { DockerError, invalidParameter, notFound, systemError } from "../../errors/errors.ts";
import { parseImageConfig } from "../../oci/config.ts";
import { digestOf } from "../../oci/digest.ts";
import { isIndex, isIndexType, isManifest, isManifestType } from "../../oci/manifest.ts";
import type { Descriptor, Manifest } from "../../oci/manifest.ts";
import { familiarName, familiarRef, fullName } from "../../oci/reference.ts";
import type { ImageRef } from "../../oci/reference.ts";
import { readAll, text } from "../../platform/bytes.ts";
import { Cancelled } from "../../platform/cancellation.ts";
import type { Engine, Operation } from "../engine.ts";
import { imageEvent } from "./events.ts";
import { readPlatform, requirePlatform } from "./platform.ts";

export interface ImagePullOptions {
  /** Without tag and digest: every tag of the repository. */
  imageRef: ImageRef;
  /** "" is the engine's own. */
  platform: string;
  auth?: RegistryAuth | undefined;
}

/** Pulls an image, or all of a repository. Rejects with Docker's errors; what is told before then stands. */
export async function imagePull(
  engine: Engine,
  operation: Operation,
  options: ImagePullOptions,
  tell: Tell,
): Promise<void> {
  const { imageRef, platform, auth = {} } = options;
  const wanted = platform === "" ? undefined : readPlatform(platform);
  const puller = new Puller(engine, wanted, progressTeller(tell));
  try {
    await operation.trace.step("engine", "image pull", { image: familiarRef(imageRef) }, (trace) =>
      atEndpoints(
        engine,
        { ...operation, trace },
        { imageRef, auth, actions: "pull", mirrors: true },
        (repository) => puller.pull({ ...operation, trace }, repository, imageRef),
      ),
    );
  } catch (error) {
    throw pullError(error, imageRef);
  }
  imageEvent(engine, "pull", familiarRef(imageRef), familiarName(imageRef));
  if (wanted) await warnOfPlatform(engine, imageRef, platform, tell);
}

class Puller {
  readonly #engine: Engine;
  readonly #platform: Platform | undefined;
  readonly #tell: Tell;

  constructor(engine: Engine, platform: Platform | undefined, tell: Tell) {
    this.#engine = engine;
    this.#platform = platform;
    this.#tell = tell;
  }

  async pull(operation: Operation, repository: RemoteRepository, imageRef: ImageRef): Promise<void> {
    let updated = false;
    if (imageRef.tag || imageRef.digest) updated = await this.#pullOne(operation, repository, imageRef);
    else {
      for (const tag of await repository.tags()) {
        if (await this.#pullOne(operation, repository, { ...imageRef, tag })) updated = true;
      }
    }
    const what = updated ? "Downloaded newer image" : "Image is up to date";
    await this.#tell(status(`Status: ${what} for ${familiarRef(imageRef)}`));
  }

  /** Whether the name points at another image now. */
  async #pullOne(operation: Operation, repository: RemoteRepository, imageRef: ImageRef): Promise<boolean> {
    const digest = imageRef.digest ?? (await repository.resolve(imageRef.tag!)).digest;
    const manifest = await repository.manifest(digest);
    await this.#tell(
      status(
        `Pulling from ${repositoryName(imageRef)}`,
        imageRef.digest ? familiarDigest(imageRef) : imageRef.tag,
      ),
    );
    const held: string[] = [];
    try {
      const id = await this.#image(operation, repository, imageRef, manifest, held);
      await this.#tell(status(`Digest: ${digest}`));
      return this.#name(imageRef, digest, id);
    } finally {
      for (const chainId of held.reverse()) await this.#engine.images.release(chainId);
    }
  }

  #name(imageRef: ImageRef, digest: string, id: string): boolean {
    const { references } = this.#engine.images;
    const { domain, path, tag } = imageRef;
    const before = references.get(imageRef);
    if (references.get({ domain, path, digest }) === undefined) references.set({ domain, path, digest }, id);
    if (before === id) return false;
    if (tag && !imageRef.digest) references.set({ domain, path, tag }, id);
    return true;
  }

  /** Brings the image of a manifest here, or of the one in an index that suits; its identifier. */
  async #image(
    operation: Operation,
    repository: RemoteRepository,
    imageRef: ImageRef,
    { mediaType, bytes }: RemoteManifest,
    held: string[],
  ): Promise<string> {
    const parsed = parse(bytes);
    const kind = declaredType(parsed) ?? mediaType;
    if (isIndexType(kind) && isIndex(parsed)) {
      const chosen = parsed.manifests.find((entry) => this.#suits(entry));
      if (!chosen) {
        const { osType, goArch } = this.#engine.settings;
        const platform = formatPlatform(this.#platform ?? { os: osType, architecture: goArch, variant: "" });
        throw notFound(`no matching manifest for ${platform} in the manifest list entries`);
      }
      return this.#image(operation, repository, imageRef, await repository.manifest(chosen.digest), held);
    }
    if (isManifestType(kind) && isManifest(parsed))
      return this.#manifestImage(operation, repository, imageRef, parsed, held);
    const isOld =
      typeof parsed === "object" &&
      parsed !== null &&
      (parsed as { schemaVersion?: unknown }).schemaVersion === 1;
    if (!isOld) throw invalidParameter("unsupported manifest format");
    throw invalidParameter(
      `Docker Image Format v1 and Docker Image manifest version 2, schema 1 support has been removed. Suggest the author of ${fullName(imageRef)}:${imageRef.tag ?? "latest"} to upgrade the image to the OCI Format or Docker Image manifest v2, schema 2. More information at https://docs.docker.com/go/deprecated-image-specs/`,
    );
  }

  #suits({ platform }: Descriptor): boolean {
    const { osType, goArch } = this.#engine.settings;
    const wanted = this.#platform ?? { os: osType, architecture: goArch, variant: "" };
    if (!platform || platform.os !== wanted.os || platform.architecture !== wanted.architecture) return false;
    return wanted.variant === "" || !platform.variant || platform.variant === wanted.variant;
  }

  async #manifestImage(
    operation: Operation,
    repository: RemoteRepository,
    imageRef: ImageRef,
    manifest: Manifest,
    held: string[],
  ): Promise<string> {
    const { images } = this.#engine;
    const known = images.get(manifest.config.digest);
    if (known) {
      if (known.chainId !== null) hold(images, known.chainId, held);
      return known.id;
    }
    for (const { mediaType } of [manifest.config, ...manifest.layers]) checkMediaType(mediaType);
    const blob = await this.#config(repository, manifest.config);
    const config = parseImageConfig(blob);
    const name = fullName(imageRef);
    const diffIds = await pullLayers(this.#engine, operation, {
      repository,
      name,
      layers: manifest.layers,
      tell: this.#tell,
      held,
    });
    const expected = config.rootfs.diff_ids;
    if (diffIds.length !== expected.length || diffIds.some((diffId, at) => diffId !== expected[at])) {
      throw systemError("layers from manifest don't match image configuration");
    }
    return images.create(blob).id;
  }

  async #config(repository: RemoteRepository, { digest }: Descriptor): Promise<Uint8Array> {
    const { body } = await repository.blob(digest);
    const blob = await readAll(body, 8 << 20);
    if (digestOf(this.#engine.codecs, blob) !== digest) {
      throw systemError(
        `error pulling image configuration: image config verification failed for digest ${digest}`,
      );
    }
    return blob;
  }
}

function hold(images: Engine["images"], chainId: string, held: string[]): void {
  images.hold(chainId);
  held.push(chainId);
}

/** What the message "Pulling from" names: of Docker Hub's images the path, of others too: "library/busybox". */
function repositoryName({ path }: ImageRef): string {
  return path;
}

function familiarDigest(imageRef: ImageRef): string {
  return `${fullName(imageRef)}@${imageRef.digest}`;
}

function parse(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(text(bytes));
  } catch {
    throw invalidParameter("unsupported manifest format");
  }
}

function declaredType(parsed: unknown): string | undefined {
  const { mediaType } = (parsed ?? {}) as { mediaType?: unknown };
  return typeof mediaType === "string" && mediaType !== "" ? mediaType : undefined;
}

const supported = [
  "application/vnd.docker.container.image.v1+json",
  "application/vnd.oci.image.",
  "application/vnd.docker.image.",
  "application/vnd.docker.distribution.",
  "application/octet-stream",
  "application/json",
  "text/html",
];

function checkMediaType(mediaType: string | undefined): void {
  const lower = (mediaType ?? "").toLowerCase();
  if (lower.startsWith("application/vnd.docker.ai.")) {
    throw invalidParameter(
      'AI models are not yet supported by the Engine, please use "docker model pull/run" instead',
    );
  }
  if (lower !== "" && !supported.some((known) => lower.startsWith(known)))
    throw invalidParameter(`unsupported media type ${mediaType}`);
}

function pullError(error: unknown, imageRef: ImageRef): unknown {
  if (error instanceof DockerError || error instanceof Cancelled) return error;
  if (error instanceof RegistryError) {
    const reasons: Record<string, string> = {
      DENIED: `pull access denied for ${familiarName(imageRef)}, repository does not exist or may require 'docker login'`,
      MANIFEST_UNKNOWN: `manifest for ${familiarRef(imageRef)} not found`,
      NAME_UNKNOWN: `repository ${familiarName(imageRef)} not found`,
    };
    const reason = reasons[error.code];
    if (reason) return notFound(`${reason}: ${error.first}`, { image: familiarRef(imageRef) });
    return systemError(error.first);
  }
  return error instanceof Error && error.name !== "BrokenPipe" ? systemError(error.message) : error;
}

/** A single image is taken whatever its platform is, and Docker says so. */
async function warnOfPlatform(
  engine: Engine,
  imageRef: ImageRef,
  platform: string,
  tell: Tell,
): Promise<void> {
  const id = engine.images.references.get(imageRef);
  const image = id === undefined ? undefined : engine.images.get(id);
  if (!image) return;
  try {
    requirePlatform(image, familiarRef(imageRef), platform);
  } catch (error) {
    await tell(status(`WARNING: ${(error as Error).message}`));
  }
}
