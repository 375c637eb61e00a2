import type { ContainerRecord } from "../../containers/record.ts";
import { statusName } from "../../containers/state.ts";
import type { Engine } from "../engine.ts";

/** A layer as the picture draws it: once, however many images share it. */
export interface LayerView {
  chainId: string;
  /** The layer it lies on; null for the lowest. */
  parent: string | null;
  diffId: string;
  /** Bytes it adds. */
  size: number;
  /** The command that made it, as docker history has it; "" when nobody said. */
  createdBy: string;
}

/** An image: its names and the layers it is made of, the lowest first. */
export interface ImageView {
  id: string;
  /** The image it was built or committed from, here; "" for none. */
  parent: string;
  tags: string[];
  digests: string[];
  /** No tag names it, and no other image was made from it. */
  dangling: boolean;
  created: string;
  size: number;
  /** chainIds, the lowest first. */
  layers: string[];
}

/** A container: its state and the writable layer on top of its image's. */
export interface ContainerView {
  id: string;
  name: string;
  imageId: string;
  /** As it was written: "busybox:latest". */
  imageRef: string;
  /** The layer that its writable layer lies on. */
  chainId: string | null;
  status: string;
  exitCode: number;
  /** How many paths it has added, changed and deleted. */
  changes: { added: number; changed: number; deleted: number };
  /** Bytes in its writable layer. */
  size: number;
  networks: { name: string; address: string }[];
  mounts: { type: string; name: string; source: string; destination: string; rw: boolean }[];
  ports: { protocol: string; hostIp: string; hostPort: number; containerPort: number }[];
}

export interface LayersView {
  layers: LayerView[];
  images: ImageView[];
  containers: ContainerView[];
  volumes: { name: string; users: string[] }[];
  networks: { id: string; name: string; driver: string; containers: string[] }[];
}

/** Images, layers and containers as one picture; everything in it is true at the same moment. */
export async function layersView(engine: Engine): Promise<LayersView> {
  const layers = new Map<string, LayerView>();
  const images: ImageView[] = [];
  for (const image of engine.images.all()) {
    const { config } = image;
    const commands = (config.history ?? [])
      .filter((entry) => !entry.empty_layer)
      .map((entry) => entry.created_by ?? "");
    const chain = chainOf(engine, image.chainId);
    chain.forEach((chainId, at) => {
      const known = layers.get(chainId);
      if (known && known.createdBy !== "") return;
      layers.set(chainId, {
        chainId,
        parent: chain[at - 1] ?? null,
        diffId: config.rootfs.diff_ids[at] ?? "",
        size: engine.snapshotter.layer(chainId)?.size ?? 0,
        createdBy: commands[at] ?? "",
      });
    });
    const tags = engine.images.tags(image.id);
    images.push({
      id: image.id,
      parent: image.parent,
      tags,
      digests: engine.images.digests(image.id),
      dangling: tags.length === 0 && image.children.size === 0,
      created: config.created ?? "",
      size: image.size,
      layers: chain,
    });
  }
  const containers: ContainerView[] = [];
  for (const { record } of engine.containers.all()) {
    for (const chainId of chainOf(engine, record.chainId))
      if (!layers.has(chainId)) layers.set(chainId, orphan(engine, chainId));
    containers.push(await containerView(engine, record));
  }
  return {
    layers: [...layers.values()],
    images,
    containers,
    volumes: engine.volumes.all().map(({ name }) => ({ name, users: engine.volumes.users(name) })),
    networks: engine.networks.all().map(({ id, name, driver }) => ({
      id,
      name,
      driver,
      containers: engine.networks.members(id).map(({ containerId }) => containerId),
    })),
  };
}

/** A layer that only containers still need: its image has been removed. */
function orphan(engine: Engine, chainId: string): LayerView {
  const layer = engine.snapshotter.layer(chainId);
  return {
    chainId,
    parent: engine.snapshotter.parent(chainId) ?? null,
    diffId: layer?.diffId ?? "",
    size: layer?.size ?? 0,
    createdBy: "",
  };
}

function chainOf(engine: Engine, chainId: string | null): string[] {
  const chain: string[] = [];
  for (let key = chainId ?? undefined; key !== undefined; key = engine.snapshotter.parent(key))
    chain.unshift(key);
  return chain;
}

async function containerView(engine: Engine, record: ContainerRecord): Promise<ContainerView> {
  const changes = await engine.snapshotter.changes(record.id);
  const count = (kind: string) => changes.filter((change) => change.kind === kind).length;
  const { size } = await engine.snapshotter.usage(record.id);
  return {
    id: record.id,
    name: record.name,
    imageId: record.imageId,
    imageRef: record.config.Image ?? "",
    chainId: record.chainId,
    status: statusName(record.state),
    exitCode: record.state.exitCode,
    changes: { added: count("A"), changed: count("C"), deleted: count("D") },
    size,
    networks: Object.entries(record.networks).map(([name, { endpoint }]) => ({
      name,
      address: endpoint?.address ?? "",
    })),
    mounts: record.mounts.map(({ type, name = "", source, destination, rw }) => ({
      type,
      name,
      source,
      destination,
      rw,
    })),
    ports: record.ports,
  };
}
