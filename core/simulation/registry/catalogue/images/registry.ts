import type { CatalogueImage } from "../catalogue.ts";
import { publication } from "../publish.ts";
import type { Recipe } from "../recipe.ts";
import { filledTo } from "../tree.ts";
import { alpineFiles } from "./alpine.ts";

const CONFIG = `version: 0.1
log:
  fields:
    service: registry
storage:
  cache:
    blobdescriptor: inmemory
  filesystem:
    rootdirectory: /var/lib/registry
http:
  addr: :5000
  headers:
    X-Content-Type-Options: [nosniff]
health:
  storagedriver:
    enabled: true
    interval: 10s
    threshold: 3
`;

/** Arguments that begin with a dash or name a configuration go to "registry serve"; anything else is a command. */
const ENTRYPOINT = `#!/bin/sh

set -e

case "$1" in
    *.yaml|*.yml) set -- registry serve "$@" ;;
    serve|garbage-collect|help|-*) set -- registry "$@" ;;
esac

exec "$@"
`;

export const registryRecipe: Recipe = {
  name: "registry-2",
  created: "2023-10-02T18:42:41Z",
  history: "classic",
  steps: [
    {
      shown:
        "/bin/sh -c #(nop) ADD file:ff4f47b54c7e9c4e85e5fb83ac6c6a9b4b7ba1f5d6b3c6a5f1ab3d1e2a9b5cde in / ",
      files: () => alpineFiles("3.18.4", "1.36.1", 7_343_104),
    },
    { instruction: 'CMD ["/bin/sh"]' },
    {
      shown: "/bin/sh -c apk add --no-cache ca-certificates",
      files: () =>
        filledTo(518_144, "/usr/share/ca-certificates/bundle.crt", {
          "/etc/ca-certificates.conf": { size: 5_613 },
        }),
    },
    {
      shown:
        '/bin/sh -c set -eux; \tversion=\'2.8.3\'; \tapkArch="$(apk --print-arch)"; \tcase "$apkArch" in \t\tx86_64)  arch=\'amd64\';; \tesac; \twget -O registry.tar.gz "https://github.com/distribution/distribution/releases/download/v${version}/registry_${version}_linux_${arch}.tar.gz"; \ttar --extract --file registry.tar.gz --directory /bin/ registry; \trm registry.tar.gz; \tregistry --version',
      files: () => ({ "/bin/registry": { program: "registry", version: "2.8.3", size: 17_375_232 } }),
    },
    {
      shown:
        "/bin/sh -c #(nop) COPY file:4544cc1555469403b322ee5b1c3b7f1ee8a8d4ad4dd2f7f3a5fb3b4bb4ee5dc3 in /etc/docker/registry/config.yml ",
      files: () => ({ "/etc/docker/registry/config.yml": { text: CONFIG } }),
    },
    { instruction: 'VOLUME ["/var/lib/registry"]' },
    { instruction: "EXPOSE 5000" },
    {
      shown:
        "/bin/sh -c #(nop) COPY file:507caa54f88c1f3862e5876e09a108b2083630ba24c57ad124e356a2de861d62 in /entrypoint.sh ",
      files: () => ({ "/entrypoint.sh": { text: ENTRYPOINT, mode: 0o755 } }),
    },
    { instruction: 'ENTRYPOINT ["/entrypoint.sh"]' },
    { instruction: 'CMD ["/etc/docker/registry/config.yml"]' },
  ],
};

export const registry: CatalogueImage = {
  repository: "library/registry",
  description: "Distribution implementation for storing and distributing of container images and artifacts",
  stars: 4123,
  official: true,
  get tags() {
    const publications = [publication(registryRecipe)];
    return ["latest", "2", "2.8", "2.8.3"].map((tag) => ({ tag, publications }));
  },
};
