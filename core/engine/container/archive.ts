import { collect, contentSource } from "../../archive/collect.ts";
import { decompress } from "../../archive/compression.ts";
import type { Container } from "../../containers/container.ts";
import type { MountPoint } from "../../containers/record.ts";
import { invalidParameter, notFound, systemError } from "../../errors/errors.ts";
import { describeErrno } from "../../files/errno.ts";
import { Errno } from "../../files/filesystem.ts";
import type { InodeKind } from "../../files/filesystem.ts";
import type { RootFs } from "../../files/rootfs.ts";
import type { ByteSource } from "../../platform/bytes.ts";
import { formatTime } from "../../platform/time.ts";
import type { MountSpec } from "../../tasks/spec.ts";
import type { Engine } from "../engine.ts";
import { containerEvent } from "./events.ts";
import { closing } from "./export.ts";
import { enginePath } from "./files.ts";
import type { EngineFile } from "./files.ts";
import { resolveUser } from "./user.ts";

/** What docker cp is told of a path: the API's X-Docker-Container-Path-Stat. */
export interface ContainerPathStat {
  name: string;
  size: number;
  /** A Go FileMode. */
  mode: number;
  /** RFC 3339. */
  mtime: string;
  linkTarget: string;
}

/** Throws notFound "Could not find the file /x in container y". */
export async function containerStatPath(
  engine: Engine,
  containerRef: string,
  path: string,
): Promise<ContainerPathStat> {
  return withRoot(engine, containerRef, path, (root) => statPath(root, rooted(path)));
}

/** A path as a tar archive; a path that ends in "/." is named "." there. */
export async function containerArchive(
  engine: Engine,
  containerRef: string,
  path: string,
): Promise<{ stat: ContainerPathStat; archive: ByteSource }> {
  const container = engine.containers.resolve(containerRef);
  const root = await openRoot(engine, container);
  try {
    const absolute = rooted(path);
    const stat = await statPath(root, absolute);
    const archive = root.archive(absolute, { rename: baseName(absolute) });
    containerEvent(engine, container, "archive-path");
    return { stat, archive: closing(archive, () => root.close()) };
  } catch (error) {
    await root.close();
    throw described(error, path, containerRef);
  }
}

export interface ContainerExtractOptions {
  noOverwriteDirNonDir: boolean;
  /** Everything shall belong to the container's user. */
  copyOwner: boolean;
}

/** Unpacks an archive, compressed or not, in a directory of a container. */
export async function containerExtract(
  engine: Engine,
  containerRef: string,
  path: string,
  archive: ByteSource,
  { noOverwriteDirNonDir, copyOwner }: ContainerExtractOptions,
): Promise<void> {
  const container = engine.containers.resolve(containerRef);
  await withRoot(engine, containerRef, path, async (root) => {
    const target = await root.resolve(rooted(path));
    if ((await root.lstat(target)).kind !== "directory")
      throw invalidParameter("extraction point is not a directory");
    refuseReadOnly(container, target);
    const { User = "" } = container.record.config;
    const owner = copyOwner && User !== "" ? (await resolveUser(root, User)).user : undefined;
    const content = decompress(await collect(archive), engine.codecs);
    await root.extract(target, contentSource(content), {
      noOverwriteDirNonDir,
      ...(owner ? { owner: { uid: owner.uid, gid: owner.gid } } : {}),
    });
  });
  containerEvent(engine, container, "extract-to-dir");
}

async function withRoot<T>(
  engine: Engine,
  containerRef: string,
  path: string,
  work: (root: RootFs) => Promise<T>,
): Promise<T> {
  const root = await openRoot(engine, engine.containers.resolve(containerRef));
  try {
    return await work(root);
  } catch (error) {
    throw described(error, path, containerRef);
  } finally {
    await root.close();
  }
}

/** The container's files with its volumes, and the engine's own files once it has been started. */
async function openRoot(engine: Engine, container: Container): Promise<RootFs> {
  const { record } = container;
  const mounts: MountSpec[] = record.mounts.filter(({ source }) => source.startsWith("/")).map(mountSpec);
  const files: EngineFile[] = record.startedOnce ? ["resolv.conf", "hostname", "hosts"] : [];
  for (const file of files) {
    const source = enginePath(engine, record, file);
    const destination = `/etc/${file}`;
    const hidden = mounts.some((mount) => mount.destination === destination);
    if (!hidden && (await engine.hostPaths.stat(source)))
      mounts.push({ destination, type: "bind", source, options: ["rbind"] });
  }
  return engine.snapshotter.open(record.id, mounts);
}

function mountSpec({ source, destination, rw }: MountPoint): MountSpec {
  return { destination, type: "bind", source, options: rw ? ["rbind"] : ["rbind", "ro"] };
}

function refuseReadOnly({ record }: Container, path: string): void {
  const mount = record.mounts.find(
    ({ destination }) => path === destination || path.startsWith(`${destination}/`),
  );
  if (mount && !mount.rw) throw invalidParameter("mounted volume is marked read-only");
  if (!mount && record.hostConfig.ReadonlyRootfs)
    throw invalidParameter("container rootfs is marked read-only");
}

async function statPath(root: RootFs, path: string): Promise<ContainerPathStat> {
  const { kind, mode, size, mtime, linkTarget } = await root.lstat(path);
  const target = kind === "symlink" ? await linkEnd(root, path, linkTarget) : "";
  return {
    name: baseName(path),
    size,
    mode: goFileMode(kind, mode),
    mtime: formatTime(mtime),
    linkTarget: target,
  };
}

/** Where a symbolic link leads in the end, as far as that is there. */
async function linkEnd(root: RootFs, path: string, target: string): Promise<string> {
  try {
    return await root.resolve(path);
  } catch (error) {
    if (!(error instanceof Errno)) throw error;
    return clean(target.startsWith("/") ? target : `${path}/../${target}`);
  }
}

const typeBits: Readonly<Record<InodeKind, number>> = {
  file: 0,
  directory: 2 ** 31,
  symlink: 2 ** 27,
  block: 2 ** 26,
  character: 2 ** 26 + 2 ** 21,
  fifo: 2 ** 25,
  socket: 2 ** 24,
};

/** A mode as Go's os.FileMode counts it. */
function goFileMode(kind: InodeKind, mode: number): number {
  const special =
    (mode & 0o4000 ? 2 ** 23 : 0) + (mode & 0o2000 ? 2 ** 22 : 0) + (mode & 0o1000 ? 2 ** 20 : 0);
  return typeBits[kind] + special + (mode & 0o777);
}

/** The path within the root, with a "/" or "/." at its end kept, as it matters to what is copied. */
function rooted(path: string): string {
  const cleaned = clean(path);
  if (/(^|\/)\.$/.test(path)) return cleaned === "/" ? "/." : `${cleaned}/.`;
  return path.endsWith("/") && cleaned !== "/" ? `${cleaned}/` : cleaned;
}

function clean(path: string): string {
  const parts: string[] = [];
  for (const part of path.split("/")) {
    if (part === "..") parts.pop();
    else if (part !== "" && part !== ".") parts.push(part);
  }
  return `/${parts.join("/")}`;
}

/** The last element: "/" of the root, "." of "/etc/.". */
function baseName(path: string): string {
  const trimmed = path.replace(/\/+$/, "");
  return trimmed === "" ? "/" : trimmed.slice(trimmed.lastIndexOf("/") + 1);
}

function described(error: unknown, path: string, containerRef: string): unknown {
  if (!(error instanceof Errno)) return error;
  if (error.code === "ENOENT") {
    return notFound(`Could not find the file ${path} in container ${containerRef}`, {
      container: containerRef,
      path,
    });
  }
  return systemError(`lstat ${rooted(path)}: ${describeErrno(error.code)}`);
}
