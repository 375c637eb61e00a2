import type { CatalogueImage } from "../catalogue.ts";
import { debianFiles, type Distribution } from "../debian.ts";
import { publication } from "../publish.ts";
import type { Recipe } from "../recipe.ts";

function ubuntuRecipe(
  version: string,
  codename: string,
  prettyVersion: string,
  created: string,
  size: number,
  sum: string,
): Recipe {
  const distribution: Distribution = {
    id: "ubuntu",
    name: "Ubuntu",
    version,
    codename,
    prettyName: `Ubuntu ${prettyVersion} LTS`,
    more: `ID_LIKE=debian\nHOME_URL="https://www.ubuntu.com/"\nSUPPORT_URL="https://help.ubuntu.com/"\nUBUNTU_CODENAME=${codename.split(" ")[0]!.toLowerCase()}\n`,
  };
  return {
    name: `ubuntu-${version}`,
    created,
    history: "classic",
    steps: [
      { instruction: "ARG RELEASE" },
      { instruction: "ARG LAUNCHPAD_BUILD_ARCH" },
      { instruction: "LABEL org.opencontainers.image.ref.name=ubuntu" },
      { instruction: `LABEL org.opencontainers.image.version=${version}` },
      { shown: `/bin/sh -c #(nop) ADD file:${sum} in / `, files: () => debianFiles(distribution, size) },
      { instruction: 'CMD ["/bin/bash"]' },
    ],
  };
}

export const ubuntuRecipes = {
  noble: ubuntuRecipe(
    "24.04",
    "Noble Numbat",
    "24.04.3",
    "2025-08-01T10:08:06Z",
    78_118_912,
    "24f7f1ba6c4d9a0f08db1a6f1e3b0a3e4a2a7c6d5b9e8f70a1c2d3e4f5061728",
  ),
  jammy: ubuntuRecipe(
    "22.04",
    "Jammy Jellyfish",
    "22.04.5",
    "2025-08-01T09:51:19Z",
    77_877_760,
    "9303cc1f788d2a9a8f909b154339f7c637b2a53c75c0e7f3da62eb1fefe371b1",
  ),
};

export const ubuntu: CatalogueImage = {
  repository: "library/ubuntu",
  description: "Ubuntu is a Debian-based Linux operating system based on free software.",
  stars: 17644,
  official: true,
  get tags() {
    const noble = [publication(ubuntuRecipes.noble)];
    const jammy = [publication(ubuntuRecipes.jammy)];
    return [
      ...["latest", "24.04", "noble"].map((tag) => ({ tag, publications: noble })),
      ...["22.04", "jammy"].map((tag) => ({ tag, publications: jammy })),
    ];
  },
};
