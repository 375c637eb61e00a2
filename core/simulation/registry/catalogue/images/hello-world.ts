import type { CatalogueImage } from "../catalogue.ts";
import { publication } from "../publish.ts";
import type { Recipe } from "../recipe.ts";

export const helloWorldRecipe: Recipe = {
  name: "hello-world",
  created: "2025-08-08T19:05:17Z",
  history: "buildkit",
  steps: [
    {
      shown: "COPY hello / # buildkit",
      files: () => ({ "/hello": { program: "hello-world", size: 10072 } }),
    },
    { instruction: 'CMD ["/hello"]' },
  ],
};

export const helloWorld: CatalogueImage = {
  repository: "library/hello-world",
  description: "Hello World! (an example of minimal Dockerization)",
  stars: 2466,
  official: true,
  get tags() {
    const publications = [publication(helloWorldRecipe)];
    return [
      { tag: "latest", publications },
      { tag: "linux", publications },
    ];
  },
};
