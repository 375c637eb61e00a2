import { orderedContainerConfig } from "../../oci/config.ts";
import { digestHex, digestOf } from "../../oci/digest.ts";
import type { ImageConfig } from "../../oci/image.ts";
import { goJson, sortedMap } from "../../oci/json.ts";
import { utf8 } from "../../platform/bytes.ts";
import type { Codecs } from "../../platform/digests.ts";

/**
 * The configurations that docker save writes for engines before 1.10, one for each layer: only the last has the image's own
 * facts. `chain` are the layers' chainIds, the lowest first.
 */
export function legacyConfigs(codecs: Codecs, config: ImageConfig, chain: readonly string[]): Uint8Array[] {
  let parent = "";
  return chain.map((layerId, at) => {
    const last = at === chain.length - 1;
    const own = last ? config : { created: "1970-01-01T00:00:00Z" };
    const facts = legacyFacts(own);
    const id = digestOf(
      codecs,
      utf8(goJson(sortedMap({ ...facts, layer_id: layerId, ...(parent ? { parent } : {}) }))),
    );
    const written = legacyFacts({ ...own, os: config.os });
    const bytes = utf8(
      goJson({ id: digestHex(id), ...(parent ? { parent: digestHex(parent) } : {}), ...written }),
    );
    parent = id;
    return bytes;
  });
}

function legacyFacts(config: Partial<ImageConfig>): Record<string, unknown> {
  return {
    ...(config.comment ? { comment: config.comment } : {}),
    created: config.created ?? null,
    ...(config.container ? { container: config.container } : {}),
    container_config: orderedContainerConfig(config.container_config ?? {}),
    ...(config.docker_version ? { docker_version: config.docker_version } : {}),
    ...(config.author ? { author: config.author } : {}),
    ...(config.config ? { config: orderedContainerConfig(config.config) } : {}),
    ...(config.architecture ? { architecture: config.architecture } : {}),
    ...(config.variant ? { variant: config.variant } : {}),
    ...(config.os ? { os: config.os } : {}),
  };
}
