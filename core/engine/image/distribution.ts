import { atEndpoints } from "../distribution/connect.ts";
import type { RegistryAuth } from "../../distribution/credentials.ts";
import { RegistryError } from "../../distribution/errors.ts";
import { DockerError, invalidParameter, notFound, systemError, unauthorized } from "../../errors/errors.ts";
import { isObject, parseImageConfig } from "../../oci/config.ts";
import { isIndex, isManifest } from "../../oci/manifest.ts";
import { withDefaultTag } from "../../oci/reference.ts";
import type { ImageRef } from "../../oci/reference.ts";
import { readAll, text } from "../../platform/bytes.ts";
import type { Engine, Operation } from "../engine.ts";

/** What a registry has under a name, without pulling it. */
export interface DistributionInspect {
  Descriptor: { mediaType: string; digest: string; size: number };
  Platforms: { architecture: string; os: string; variant?: string; "os.version"?: string }[];
}

export async function distributionInspect(
  engine: Engine,
  operation: Operation,
  imageRef: ImageRef,
  auth: RegistryAuth,
): Promise<DistributionInspect> {
  const named = withDefaultTag(imageRef);
  try {
    return await atEndpoints(
      engine,
      operation,
      { imageRef, auth, actions: "pull", mirrors: true },
      async (repository) => {
        const digest = named.digest ?? (await repository.resolve(named.tag!)).digest;
        const { mediaType, bytes } = await repository.manifest(digest);
        const parsed: unknown = JSON.parse(text(bytes));
        const declared =
          isObject(parsed) && typeof parsed.mediaType === "string" ? parsed.mediaType : mediaType;
        let platforms: DistributionInspect["Platforms"] = [];
        if (isIndex(parsed))
          platforms = parsed.manifests.flatMap(({ platform }) => (platform ? [platform] : []));
        else if (isManifest(parsed)) {
          const { body } = await repository.blob(parsed.config.digest);
          const config = parseImageConfig(await readAll(body, 8 << 20));
          platforms = [
            {
              architecture: config.architecture,
              os: config.os,
              ...(config.variant ? { variant: config.variant } : {}),
            },
          ];
        }
        return { Descriptor: { mediaType: declared, digest, size: bytes.length }, Platforms: platforms };
      },
    );
  } catch (error) {
    if (error instanceof RegistryError) {
      if (error.code === "UNAUTHORIZED" || error.code === "DENIED") throw unauthorized(error.first);
      if (error.status === 404) throw notFound(error.first);
      throw invalidParameter(error.first);
    }
    throw error instanceof DockerError ? error : systemError((error as Error).message);
  }
}
