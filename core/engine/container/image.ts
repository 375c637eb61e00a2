import type { ImageConfig } from "../../oci/image.ts";
import { invalidParameter } from "../../errors/errors.ts";
import type { Engine } from "../engine.ts";

/** What a container needs to know of its image. */
export interface ContainerImage {
  id: string;
  config: ImageConfig;
  /** Its topmost snapshot; null for an image without layers. */
  chainId: string | null;
}

/** The image that a container is to be made from. Throws notFound "No such image: x". */
export function containerImage(engine: Engine, imageRef: string, platform: string): ContainerImage {
  const { id, config, chainId } = engine.images.resolve(imageRef);
  if (platform !== "") checkPlatform(imageRef, config, platform);
  return { id, config, chainId };
}

const architectures: Readonly<Record<string, string>> = {
  x86_64: "amd64",
  "x86-64": "amd64",
  aarch64: "arm64",
  armhf: "arm",
  i386: "386",
};
const known = [
  "linux",
  "windows",
  "darwin",
  "freebsd",
  "amd64",
  "arm64",
  "arm",
  "386",
  "ppc64le",
  "s390x",
  "riscv64",
  "mips64le",
];

function checkPlatform(imageRef: string, config: ImageConfig, platform: string): void {
  const [os = "", written = "", variant] = platform.includes("/")
    ? platform.toLowerCase().split("/")
    : ["linux", platform.toLowerCase()];
  const architecture = architectures[written] ?? written;
  const single = !platform.includes("/") && ["linux", "windows", "darwin", "freebsd"].includes(written);
  if (!known.includes(architecture) || !known.includes(os))
    throw invalidParameter(
      `${JSON.stringify(platform)}: unknown operating system or architecture: invalid argument`,
    );
  if (single ? config.os === written : config.os === os && config.architecture === architecture) return;
  throw invalidParameter(
    `image with reference ${imageRef} was found but its platform (${config.os}/${config.architecture}) does not match the specified platform (${os}/${architecture}${variant ? `/${variant}` : ""})`,
  );
}
