import type { ImageInspect } from "../../engine/image/inspect.ts";
import type { ImageSummary } from "../../engine/image/list.ts";
import type { ContainerConfig } from "../../oci/image.ts";
import { atLeast } from "../version.ts";

/** A list of images as a version of the API has it. */
export function gateImages(images: readonly ImageSummary[], version: string): unknown[] {
  return images.map((image) => {
    const nameless = image.RepoTags.length === 0 && image.RepoDigests.length === 0;
    return {
      ...image,
      ...(atLeast(version, "1.51") ? {} : { Containers: -1 }),
      ...(atLeast(version, "1.43") || !nameless
        ? {}
        : { RepoTags: ["<none>:<none>"], RepoDigests: ["<none>@<none>"] }),
      ...(atLeast(version, "1.44") ? {} : { VirtualSize: image.Size }),
    };
  });
}

/** Fields that an image's configuration always had. */
const always: ContainerConfig = {
  Cmd: null,
  Entrypoint: null,
  Env: null,
  Labels: null,
  OnBuild: null,
  User: "",
  Volumes: null,
  WorkingDir: "",
};

/** Fields of a container's configuration that versions before 1.50 showed of an image, too. */
const ofContainers: ContainerConfig = {
  AttachStderr: false,
  AttachStdin: false,
  AttachStdout: false,
  Domainname: "",
  Hostname: "",
  Image: "",
  OpenStdin: false,
  StdinOnce: false,
  Tty: false,
};

/** Fields that an image has, apart from those it always had. */
const optional = ["ExposedPorts", "Healthcheck", "Shell", "StopSignal", "ArgsEscaped"] as const;

/** What docker image inspect shows, as a version of the API has it. */
export function gateImage(image: ImageInspect, version: string): Record<string, unknown> {
  const { Container, ContainerConfig: made, Config, ...rest } = image;
  return {
    ...rest,
    ...(atLeast(version, "1.44")
      ? {}
      : { VirtualSize: image.Size, Created: image.Created ?? "0001-01-01T00:00:00Z" }),
    ...(atLeast(version, "1.45") ? {} : { ...(Container ? { Container } : {}), ContainerConfig: made }),
    Config: imageConfig(Config, version),
  };
}

function imageConfig(config: ContainerConfig | null, version: string): Record<string, unknown> {
  const shown: Record<string, unknown> = { ...always, ...(atLeast(version, "1.50") ? {} : ofContainers) };
  if (config) {
    for (const field of Object.keys(always) as (keyof ContainerConfig)[]) {
      const value = config[field];
      const isEmpty =
        value === undefined ||
        value === null ||
        (typeof value === "object" && Object.keys(value).length === 0);
      if (!isEmpty) shown[field] = value;
    }
    for (const field of optional) {
      const value = config[field];
      if (value !== undefined && value !== null && value !== "" && value !== false) shown[field] = value;
    }
  }
  return Object.fromEntries(Object.entries(shown).sort(([a], [b]) => (a < b ? -1 : 1)));
}
