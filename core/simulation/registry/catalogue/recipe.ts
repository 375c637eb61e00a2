import type { LayerTree } from "./tree.ts";

/** How an image of the catalogue is made. */
export interface Recipe {
  /** Names the recipe among the known digests: "nginx-alpine". */
  name: string;
  /** Its steps come first, so that both images share those layers. */
  base?: Recipe;
  /** RFC 3339: when every step of it was done. */
  created: string;
  /** Who wrote the history: BuildKit ("CMD [\"sh\"]", with a comment) or the classic builder ("/bin/sh -c #(nop)  CMD …"). */
  history: "buildkit" | "classic";
  steps: RecipeStep[];
}

export type RecipeStep = ConfigStep | FilesStep;

/** A Dockerfile instruction that changes the configuration alone. */
export interface ConfigStep {
  instruction: string;
  /** The publisher has left it out of the history. */
  silent?: true;
}

/** A layer. */
export interface FilesStep {
  /** As docker history shows it. */
  shown: string;
  /** Its files: made when they are asked for. */
  files: () => LayerTree;
}

/** A recipe's steps with those of its bases, each with the recipe it belongs to. */
export function allSteps(recipe: Recipe): { recipe: Recipe; step: RecipeStep }[] {
  const own = recipe.steps.map((step) => ({ recipe, step }));
  return recipe.base ? [...allSteps(recipe.base), ...own] : own;
}

/** The Dockerfile that makes it; a layer's files come as "layer-N.tar" in the context. */
export function dockerfileOf(recipe: Recipe): string {
  const lines = ["FROM scratch"];
  allSteps(recipe).forEach(({ step }, index) =>
    lines.push("files" in step ? `ADD layer-${index}.tar /` : step.instruction),
  );
  return `${lines.join("\n")}\n`;
}
