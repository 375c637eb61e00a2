import type { BuildImage, BuildImages } from "../../build/backend.ts";
import type { RegistryAuth } from "../../distribution/credentials.ts";
import { formatPlatform, type Platform } from "../../build/platform.ts";
import { parseRef } from "../../images/store.ts";
import { notFound, systemError } from "../../errors/errors.ts";
import { serialiseImageConfig } from "../../oci/config.ts";
import { familiarRef, type ImageRef, parseImageRef, withDefaultTag } from "../../oci/reference.ts";
import type { Engine, Operation } from "../engine.ts";
import { requirePlatform } from "../image/platform.ts";
import { imagePull } from "../image/pull.ts";
import { tagImage } from "../image/tag.ts";

/** The engine's images, as the builder needs them. */
export function buildImages(
  engine: Engine,
  operation: Operation,
  credentials: Readonly<Record<string, RegistryAuth>>,
): BuildImages {
  const { images } = engine;
  const get = (id: string) => {
    const image = images.get(id);
    if (!image) throw notFound(`No such image: ${id}`, { image: id });
    return image;
  };
  const find = async (name: string, platform: Platform | undefined): Promise<BuildImage> => {
    const image = images.resolve(name);
    requirePlatform(image, name, platform ? formatPlatform(platform) : "");
    return { id: image.id, config: image.config };
  };
  return {
    find,
    async pull(name, platform, tell) {
      const imageRef = withDefaultTag(parseRef(name));
      const auth = credentials[registryKey(imageRef.domain)];
      await imagePull(
        engine,
        operation,
        { imageRef, platform: platform ? formatPlatform(platform) : "", auth },
        tell,
      );
      return find(name, platform);
    },
    familiarName(name) {
      let imageRef: ImageRef;
      try {
        imageRef = parseImageRef(name);
      } catch (error) {
        // Docker's builder forgets to say that this is the client's mistake: status 500.
        throw systemError((error as Error).message);
      }
      if (imageRef.digest) throw systemError("build tag cannot contain a digest");
      return familiarRef(withDefaultTag(imageRef));
    },
    async tag(imageId, name) {
      tagImage(engine, imageId, parseRef(name));
    },
    get: async (imageId) => get(imageId).config,
    children(imageId) {
      const candidates =
        imageId === "" ? [...images.all()].filter(({ parent }) => parent === "") : childrenOf(imageId);
      return candidates.filter(({ record }) => record.builtLocally).map(({ id }) => id);
    },
    parent: (imageId) => images.get(imageId)?.parent ?? "",
    async setParent(imageId, parentId) {
      images.setParent(imageId, parentId);
    },
    async create(config, parentId) {
      const { id } = images.create(
        serialiseImageConfig({ ...config, docker_version: engine.settings.version }),
      );
      if (parentId !== "") images.setParent(id, parentId);
      return id;
    },
  };

  function childrenOf(imageId: string) {
    return [...get(imageId).children].map(get);
  }
}

/** Docker Hub's credentials have kept the name of its first index. */
const registryKey = (domain: string) => (domain === "docker.io" ? "https://index.docker.io/v1/" : domain);
