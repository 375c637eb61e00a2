import { collect, contentSource } from "../../archive/collect.ts";
import { decompress } from "../../archive/compression.ts";
import { knownContent } from "../../content/store.ts";
import type { Digest, KnownContent, KnownLayer } from "../../content/store.ts";
import type { Engine, Operation } from "../engine.ts";
import { bytesContent, JoinedContent } from "../../files/content.ts";
import type { FileContent } from "../../files/filesystem.ts";
import { chainId as chainIdOf, digestHex } from "../../oci/digest.ts";
import type { Descriptor } from "../../oci/manifest.ts";
import { Cancellation, Cancelled } from "../../platform/cancellation.ts";
import { withRetries } from "../../distribution/attempts.ts";
import { VerificationFailed } from "../../distribution/errors.ts";
import { progress, progressSource, sweepProgress } from "../../distribution/progress.ts";
import type { Tell } from "../../distribution/progress.ts";
import { Slots } from "../../distribution/slots.ts";
import type { RemoteRepository } from "../../distribution/repository.ts";

/** Docker's max-concurrent-downloads. */
const DOWNLOADS = 3;

/** A layer that has been downloaded: its compressed bytes, or what is known of them. */
type Downloaded = { content: FileContent } | { known: KnownContent };

/**
 * Brings an image's layers here, the lowest first: those that are here already are passed over, others are downloaded three at a
 * time, checked, and unpacked in order. Returns their diffIds; each is held (ImageStore.hold), which `held` collects.
 */
export async function pullLayers(
  engine: Engine,
  operation: Operation,
  {
    repository,
    name,
    layers,
    tell,
    held,
  }: {
    repository: RemoteRepository;
    /** "docker.io/library/busybox". */
    name: string;
    layers: readonly Descriptor[];
    tell: Tell;
    held: string[];
  },
): Promise<Digest[]> {
  const { images, snapshotter, codecs } = engine;
  const diffIds: Digest[] = [];
  let chainId: string | null = null;
  const hold = (id: string) => {
    images.hold(id);
    held.push(id);
  };

  let present = 0;
  for (const { digest } of layers) {
    const diffId = images.layerDigests.diffId(digest);
    const next: string | undefined = diffId === undefined ? undefined : chainIdOf(codecs, chainId, diffId);
    if (next === undefined || !snapshotter.has(next)) break;
    await tell(progress(shortId(digest), "Already exists"));
    images.layerDigests.add(diffId!, { digest, repository: name });
    hold(next);
    diffIds.push(diffId!);
    chainId = next;
    present++;
  }

  const slots = new Slots(DOWNLOADS);
  // One layer's failure ends the other downloads.
  const cancellation = new Cancellation();
  const undo = operation.cancellation.onCancel((reason) => cancellation.cancel(reason));
  const downloads = new Map<Digest, Promise<Downloaded>>();
  const missing = layers.slice(present);
  try {
    const wanted = [...new Set(missing.map(({ digest }) => digest))];
    for (const digest of wanted) await tell(progress(shortId(digest), "Pulling fs layer"));
    for (const digest of wanted) {
      const download = slots.run(
        () => downloadLayer(engine, repository, digest, tell, cancellation),
        () => tell(progress(shortId(digest), "Waiting")),
      );
      // Somebody looks at it later; until then its failure is not unheard.
      download.catch(() => {});
      downloads.set(digest, download);
    }
    for (const { digest } of missing) {
      const downloaded = await downloads.get(digest)!;
      const id = shortId(digest);
      const layer = unpackable(downloaded, engine);
      await sweepProgress(tell, id, "Extracting", sizeOf(downloaded));
      const applied = await snapshotter.apply(null, chainId, layer, operation.trace).catch((error: Error) => {
        throw new Error(`failed to register layer: ${error.message}`);
      });
      hold(applied.chainId);
      images.layerDigests.add(applied.diffId, { digest, repository: name });
      await tell(progress(id, "Pull complete"));
      diffIds.push(applied.diffId);
      chainId = applied.chainId;
    }
  } catch (error) {
    cancellation.cancel("pull failed");
    await Promise.allSettled(downloads.values());
    throw error;
  } finally {
    undo();
  }
  return diffIds;
}

function shortId(digest: Digest): string {
  return digestHex(digest).slice(0, 12);
}

function sizeOf(downloaded: Downloaded): number {
  return "known" in downloaded ? downloaded.known.size : downloaded.content.size;
}

function unpackable(downloaded: Downloaded, engine: Engine): KnownLayer | ReturnType<typeof contentSource> {
  if ("known" in downloaded) return downloaded.known.layer!;
  return contentSource(decompress(downloaded.content, engine.codecs));
}

/** Downloads one layer, in several attempts if need be, each going on where the one before ended. */
async function downloadLayer(
  engine: Engine,
  repository: RemoteRepository,
  digest: Digest,
  tell: Tell,
  cancellation: Cancellation,
): Promise<Downloaded> {
  const id = shortId(digest);
  const received: FileContent[] = [];
  return withRetries(
    engine.clock,
    cancellation,
    (text) => tell(progress(id, text)),
    async () => {
      const had = new JoinedContent(received);
      const { body, size, offset } = await repository.blob(digest, had.size);
      if (offset === 0) received.length = 0;
      const known = knownContent(body);
      if (known?.layer && known.digest === digest) {
        body.cancel();
        await watchDownload(engine, id, known, tell, cancellation);
        // Kept for a push of the same layer: nothing but where it comes from.
        await engine.content.ingest(body, { digest });
        await tell(progress(id, "Verifying Checksum"));
        await tell(progress(id, "Download complete"));
        return { known };
      }
      const undo = cancellation.onCancel((reason) => body.cancel(reason));
      try {
        const watched = progressSource(body, {
          clock: engine.clock,
          tell,
          id,
          action: "Downloading",
          total: size - offset,
        });
        for (let chunk = await watched.read(); chunk; chunk = await watched.read())
          received.push(bytesContent(chunk));
      } finally {
        undo();
      }
      cancellation.throwIfCancelled();
      const content = new JoinedContent(received);
      if (size > 0 && content.size < size) throw new Error("unexpected EOF");
      await tell(progress(id, "Verifying Checksum"));
      const hash = engine.codecs.sha256();
      await collect(contentSource(content), hash);
      if (`sha256:${hash.hex()}` !== digest) {
        received.length = 0;
        throw new VerificationFailed(digest);
      }
      await tell(progress(id, "Download complete"));
      return { content };
    },
  );
}

/** Lets the time pass that a download takes, and tells of it. */
async function watchDownload(
  engine: Engine,
  id: string,
  known: KnownContent,
  tell: Tell,
  cancellation: Cancellation,
): Promise<void> {
  const { size, bytesPerSecond = Infinity } = known;
  const perTick = bytesPerSecond / 10;
  for (let current = Math.min(size, perTick); ; current = Math.min(size, current + perTick)) {
    if (perTick !== Infinity) await engine.clock.sleep(100, cancellation);
    if (cancellation.cancelled) throw new Cancelled(cancellation.reason);
    await tell(progress(id, "Downloading", Math.floor(current), size));
    if (current >= size) return;
  }
}
