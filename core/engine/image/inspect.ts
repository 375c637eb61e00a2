import type { Image } from "../../images/image.ts";
import type { ContainerConfig } from "../../oci/image.ts";
import { orderedContainerConfig } from "../../oci/config.ts";
import type { Engine } from "../engine.ts";
import { requirePlatform } from "./platform.ts";

/** What docker image inspect shows, for the newest API; `ContainerConfig` and `Container` are for versions before 1.45. */
export interface ImageInspect {
  Id: string;
  RepoTags: string[];
  RepoDigests: string[];
  Parent: string;
  Comment: string;
  Created?: string;
  Container?: string;
  ContainerConfig?: ContainerConfig;
  DockerVersion: string;
  Author: string;
  Config: ContainerConfig | null;
  Architecture: string;
  Variant?: string;
  Os: string;
  OsVersion?: string;
  Size: number;
  GraphDriver: { Data: Record<string, string> | null; Name: string };
  RootFS: { Type: string; Layers?: string[] };
  Metadata: { LastTagTime: string };
}

/** Throws notFound "No such image: x:latest". */
export function imageInspect(engine: Engine, imageRef: string, platform = ""): ImageInspect {
  const image = engine.images.resolve(imageRef);
  requirePlatform(image, imageRef, platform);
  const { config } = image;
  const { snapshotter, images } = engine;
  return {
    Id: image.id,
    RepoTags: images.tags(image.id),
    RepoDigests: images.digests(image.id),
    Parent: image.parent,
    Comment: imageComment(image),
    ...(config.created ? { Created: config.created } : {}),
    ...(config.container ? { Container: config.container } : {}),
    ContainerConfig: orderedContainerConfig(config.container_config ?? {}),
    DockerVersion: config.docker_version ?? "",
    Author: config.author ?? "",
    Config: config.config ?? null,
    Architecture: config.architecture,
    ...(config.variant ? { Variant: config.variant } : {}),
    Os: config.os || "linux",
    ...(config["os.version"] ? { OsVersion: config["os.version"] } : {}),
    Size: image.size,
    GraphDriver: {
      Data: image.chainId === null ? null : snapshotter.describe(image.chainId),
      Name: snapshotter.driver,
    },
    RootFS: {
      Type: config.rootfs.type,
      ...(config.rootfs.diff_ids.length > 0 ? { Layers: config.rootfs.diff_ids } : {}),
    },
    Metadata: { LastTagTime: image.record.lastTagTime ?? "0001-01-01T00:00:00Z" },
  };
}

/** What its maker said: the image's own comment, or that of its last step. */
function imageComment(image: Image): string {
  return image.config.comment || (image.config.history?.at(-1)?.comment ?? "");
}
