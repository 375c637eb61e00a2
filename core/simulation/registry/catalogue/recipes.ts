import { alpineRecipe } from "./images/alpine.ts";
import { busyboxRecipe } from "./images/busybox.ts";
import { helloWorldRecipe } from "./images/hello-world.ts";
import { mongoRecipes } from "./images/mongo.ts";
import { nginxAlpineRecipe, nginxRecipe } from "./images/nginx.ts";
import { registryRecipe } from "./images/registry.ts";
import { ubuntuRecipes } from "./images/ubuntu.ts";
import type { Recipe } from "./recipe.ts";

/** Every recipe that is published. */
export const recipes: readonly Recipe[] = [
  helloWorldRecipe,
  busyboxRecipe,
  alpineRecipe,
  ubuntuRecipes.noble,
  ubuntuRecipes.jammy,
  nginxRecipe,
  nginxAlpineRecipe,
  ...mongoRecipes,
  registryRecipe,
];
