import type { CatalogueImage } from "../catalogue.ts";
import { debianFiles } from "../debian.ts";
import { publication } from "../publish.ts";
import type { Recipe, RecipeStep } from "../recipe.ts";
import { filledTo, type LayerTree } from "../tree.ts";

/** Runs mongod as its own user, and hands it arguments that are options. */
const ENTRYPOINT = `#!/bin/bash
set -Eeuo pipefail

if [ "\${1:0:1}" = '-' ]; then
	set -- mongod "$@"
fi

exec "$@"
`;

const jessie = () =>
  debianFiles(
    {
      id: "debian",
      name: "Debian GNU/Linux",
      version: "8",
      codename: "jessie",
      prettyName: "Debian GNU/Linux 8 (jessie)",
      more: 'HOME_URL="http://www.debian.org/"\nSUPPORT_URL="http://www.debian.org/support"\nBUG_REPORT_URL="https://bugs.debian.org/"\n',
    },
    79_122_432,
  );

const debianBase: Recipe = {
  name: "debian-jessie",
  created: "2018-07-17T00:22:49Z",
  history: "classic",
  steps: [
    {
      shown:
        "/bin/sh -c #(nop) ADD file:58d5c21fcabcf1eec94e8676a3b1e51c5fdc2db5c7b866a761f907fa30ede4d8 in / ",
      files: jessie,
    },
    { instruction: 'CMD ["bash"]' },
  ],
};

const account = (): LayerTree => ({
  "/etc/group": { text: `${(jessie()["/etc/group"] as { text: string }).text}mongodb:x:999:\n` },
  "/etc/passwd": {
    text: `${(jessie()["/etc/passwd"] as { text: string }).text}mongodb:x:999:999::/home/mongodb:/bin/sh\n`,
  },
});

/** 3.2 as it was published: a fix release is another image under the same tag, over the same lower layers. */
function mongoRecipe(version: string, created: string, size: number): Recipe {
  const packages: RecipeStep[] = [
    { instruction: "ENV MONGO_MAJOR=3.2" },
    { instruction: `ENV MONGO_VERSION=${version}` },
    {
      shown:
        '/bin/sh -c echo "deb http://$MONGO_REPO/apt/debian jessie/${MONGO_PACKAGE%-unstable}/$MONGO_MAJOR main" | tee "/etc/apt/sources.list.d/${MONGO_PACKAGE%-unstable}.list"',
      files: () => ({
        "/etc/apt/sources.list.d/mongodb-org.list": {
          text: "deb http://repo.mongodb.org/apt/debian jessie/mongodb-org/3.2 main\n",
        },
      }),
    },
    {
      shown:
        "/bin/sh -c set -x \t&& apt-get update \t&& apt-get install -y \t\t${MONGO_PACKAGE}=$MONGO_VERSION \t\t${MONGO_PACKAGE}-server=$MONGO_VERSION \t\t${MONGO_PACKAGE}-shell=$MONGO_VERSION \t\t${MONGO_PACKAGE}-mongos=$MONGO_VERSION \t\t${MONGO_PACKAGE}-tools=$MONGO_VERSION \t&& rm -rf /var/lib/apt/lists/* \t&& rm -rf /var/lib/mongodb \t&& mv /etc/mongod.conf /etc/mongod.conf.orig",
      files: () =>
        filledTo(size, "/usr/bin/mongorestore", {
          "/etc/mongod.conf.orig": { size: 568 },
          "/usr/bin/mongo": { program: "mongo", version, size: 20_418_504 },
          "/usr/bin/mongod": { program: "mongod", version, size: 45_120_808 },
          "/usr/bin/mongodump": { size: 13_904_112, mode: 0o755 },
          "/usr/bin/mongos": { program: "mongos", version, size: 22_018_304 },
        }),
    },
    {
      shown:
        "/bin/sh -c mkdir -p /data/db /data/configdb \t&& chown -R mongodb:mongodb /data/db /data/configdb",
      files: () => ({
        "/data/configdb": { directory: true, uid: 999, gid: 999 },
        "/data/db": { directory: true, uid: 999, gid: 999 },
      }),
    },
    { instruction: "VOLUME /data/db /data/configdb" },
    {
      shown:
        "/bin/sh -c #(nop) COPY file:bb7fff70a3a5b0d4b7ef8ffb4f3bbd1c03c9a3a7bd5c3ffc57a41c1fd2e0b5f1 in /usr/local/bin/ ",
      files: () => ({ "/usr/local/bin/docker-entrypoint.sh": { text: ENTRYPOINT, mode: 0o755 } }),
    },
    { instruction: 'ENTRYPOINT ["docker-entrypoint.sh"]' },
    { instruction: "EXPOSE 27017" },
    { instruction: 'CMD ["mongod"]' },
  ];
  return { name: `mongo-${version}`, base: mongoBase, created, history: "classic", steps: packages };
}

const mongoBase: Recipe = {
  name: "mongo-base",
  base: debianBase,
  created: "2018-07-17T04:01:20Z",
  history: "classic",
  steps: [
    { shown: "/bin/sh -c groupadd -r mongodb && useradd -r -g mongodb mongodb", files: account },
    {
      shown:
        "/bin/sh -c apt-get update \t&& apt-get install -y --no-install-recommends \t\tca-certificates \t\tjq \t\tnumactl \t&& rm -rf /var/lib/apt/lists/*",
      files: () =>
        filledTo(1_891_328, "/usr/share/ca-certificates/bundle.crt", {
          "/usr/bin/numactl": { size: 31_024, mode: 0o755 },
        }),
    },
    { instruction: "ENV GOSU_VERSION=1.10" },
    { instruction: "ENV JSYAML_VERSION=3.10.0" },
    {
      shown:
        '/bin/sh -c set -ex; \t\tapt-get update; \tapt-get install -y --no-install-recommends \t\twget \t; \t\tdpkgArch="$(dpkg --print-architecture | awk -F- \'{ print $NF }\')"; \twget -O /usr/local/bin/gosu "https://github.com/tianon/gosu/releases/download/$GOSU_VERSION/gosu-$dpkgArch"; \tchmod +x /usr/local/bin/gosu; \tgosu nobody true',
      files: () => ({
        "/js-yaml.js": { size: 122_752 },
        "/usr/local/bin/gosu": { program: "gosu", size: 2_104_904 },
      }),
    },
    {
      shown: "/bin/sh -c mkdir /docker-entrypoint-initdb.d",
      files: () => ({ "/docker-entrypoint-initdb.d": { directory: true } }),
    },
    { instruction: "ENV GPG_KEYS=42F3E95A2C4F08279C4960ADD68FA50FEA312927" },
    {
      shown:
        '/bin/sh -c set -ex; \texport GNUPGHOME="$(mktemp -d)"; \tfor key in $GPG_KEYS; do \t\tgpg --keyserver ha.pool.sks-keyservers.net --recv-keys "$key"; \tdone; \tgpg --export $GPG_KEYS > /etc/apt/trusted.gpg.d/mongodb.gpg; \trm -r "$GNUPGHOME"; \tapt-key list',
      files: () => ({ "/etc/apt/trusted.gpg.d/mongodb.gpg": { size: 1_157 } }),
    },
    { instruction: "ENV MONGO_PACKAGE=mongodb-org" },
    { instruction: "ENV MONGO_REPO=repo.mongodb.org" },
  ],
};

export const mongoRecipes = [
  mongoRecipe("3.2.20", "2018-07-17T04:03:11Z", 219_447_296),
  mongoRecipe("3.2.21", "2018-10-16T03:21:43Z", 219_602_944),
] as const;

export const mongo: CatalogueImage = {
  repository: "library/mongo",
  description: "MongoDB document databases provide high availability and easy scalability.",
  stars: 10603,
  official: true,
  get tags() {
    const [older, newer] = mongoRecipes.map(publication);
    return [
      { tag: "3.2", publications: [older!, newer!] },
      { tag: "3.2.20", publications: [older!] },
      { tag: "3.2.21", publications: [newer!] },
    ];
  },
};
