import { invalidParameter, notFound } from "../../errors/errors.ts";
import { parsePlatform, formatPlatform } from "../../build/platform.ts";
import type { Platform } from "../../build/platform.ts";
import type { Image } from "../../images/image.ts";

/** Throws notFound for an image that is not for `platform` ("linux/arm64"; "" is any). */
export function requirePlatform(image: Pick<Image, "config">, imageRef: string, platform: string): void {
  if (platform === "") return;
  const wanted = readPlatform(platform);
  const { os, architecture, variant } = image.config;
  const matches =
    wanted.os === (os || "linux") &&
    wanted.architecture === architecture &&
    (!variant || !wanted.variant || variant === wanted.variant);
  if (matches) return;
  const found = formatPlatform({ os: os || "linux", architecture, variant: variant ?? "" });
  throw notFound(
    `image with reference ${imageRef} was found but its platform (${found}) does not match the specified platform (${formatPlatform(wanted)})`,
    { image: imageRef },
  );
}

/** Reads "linux/arm64/v8". Throws invalidParameter. */
export function readPlatform(platform: string): Platform {
  try {
    return parsePlatform(platform);
  } catch (error) {
    throw invalidParameter((error as Error).message);
  }
}
