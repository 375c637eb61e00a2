import type { BuildBackend } from "../../build/backend.ts";
import type { RootFs } from "../../files/rootfs.ts";
import type { RegistryAuth } from "../../distribution/credentials.ts";
import type { ByteSource } from "../../platform/bytes.ts";
import { randomId } from "../../platform/random.ts";
import type { Engine, Operation } from "../engine.ts";
import { buildContainers } from "./containers.ts";
import { decompressed } from "./decompress.ts";
import { download } from "./download.ts";
import { buildImages } from "./images.ts";
import { buildLayer } from "./layer.ts";

/** What the builder needs, of this engine. `credentials`: by registry, of X-Registry-Config. */
export function engineBackend(
  engine: Engine,
  operation: Operation,
  credentials: Readonly<Record<string, RegistryAuth>> = {},
): BuildBackend {
  return {
    images: buildImages(engine, operation, credentials),
    containers: buildContainers(engine, operation),
    layer: (imageId) => buildLayer(engine, operation, imageId),
    scratch: () => scratch(engine, operation),
    step: (instruction, work) =>
      operation.trace.step("builder", "build step", { instruction }, (trace) =>
        work(engineBackend(engine, { ...operation, trace }, credentials)),
      ),
    note: (what, data) => operation.trace.note("builder", what, data),
    download: (url) => download(engine, url, operation.cancellation),
    sha256: () => engine.codecs.sha256(),
    decompress: (archive: ByteSource) => decompressed(archive, engine.codecs),
  };
}

/** An active snapshot over nothing: where Docker has a directory below /var/lib/docker/tmp. */
async function scratch(engine: Engine, operation: Operation): Promise<RootFs> {
  const key = `build-${randomId(engine.random)}`;
  await engine.snapshotter.prepare(key, null, operation.trace, { init: false });
  return closing(await engine.snapshotter.open(key), () => engine.snapshotter.remove(key, operation.trace));
}

/** `root` that does something more when it is closed. */
export function closing(root: RootFs, onClose: () => Promise<void>): RootFs {
  return {
    lstat: (path) => root.lstat(path),
    stat: (path) => root.stat(path),
    resolve: (path) => root.resolve(path),
    readdir: (path) => root.readdir(path),
    read: (path, limit) => root.read(path, limit),
    mkdir: (path, attributes) => root.mkdir(path, attributes),
    remove: (path) => root.remove(path),
    archive: (path, options) => root.archive(path, options),
    extract: (path, archive, options) => root.extract(path, archive, options),
    close: async () => {
      await root.close();
      await onClose();
    },
  };
}
