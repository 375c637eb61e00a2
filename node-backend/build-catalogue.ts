/**
 * Builds the catalogue of simulated images and writes down their digests: `npx tsx node-backend/build-catalogue.ts`.
 * To be run after a recipe has changed.
 */
import { createHash } from "node:crypto";
import { writeFileSync } from "node:fs";
import { portableCodecs } from "../core/platform/portable-codecs.ts";
import type { Codecs } from "../core/platform/digests.ts";
import { digestsOf } from "../core/simulation/registry/catalogue/build.ts";
import { recipes } from "../core/simulation/registry/catalogue/recipes.ts";

/** Node's own SHA-256 is many times faster, and gives the same sums. */
const codecs: Codecs = {
  ...portableCodecs,
  sha256() {
    const hash = createHash("sha256");
    return {
      update(bytes) {
        hash.update(bytes);
        return this;
      },
      hex: () => hash.digest("hex"),
    };
  },
};

const digests: Record<string, unknown> = {};
for (const recipe of recipes) {
  digests[recipe.name] = await digestsOf(recipe, codecs);
  console.log(recipe.name);
}
const file = new URL("../core/simulation/registry/catalogue/digests.json", import.meta.url);
writeFileSync(file, `${JSON.stringify(digests, null, 2)}\n`);
