import { appletNames } from "../applets.ts";
import type { CatalogueImage } from "../catalogue.ts";
import { publication } from "../publish.ts";
import type { Recipe } from "../recipe.ts";
import { filledTo } from "../tree.ts";

export const busyboxRecipe: Recipe = {
  name: "busybox",
  created: "2024-09-26T21:31:42Z",
  history: "classic",
  steps: [
    {
      shown: "BusyBox 1.37.0 (glibc), Debian 13",
      files: () =>
        filledTo(4_429_280, "/lib/libc.so.6", {
          ...appletNames({ program: "busybox", version: "1.37.0", size: 1_031_480 }),
          "/dev": { directory: true },
          "/etc/group": {
            text: "root:x:0:\ndaemon:x:1:\nbin:x:2:\nsys:x:3:\nadm:x:4:\ntty:x:5:\ndisk:x:6:\nlp:x:7:\nmail:x:8:\nkmem:x:9:\nwheel:x:10:root\ncdrom:x:11:\ndialout:x:18:\nfloppy:x:19:\nvideo:x:28:\naudio:x:29:\ntape:x:32:\nwww-data:x:33:\noperator:x:37:\nutmp:x:43:\nplugdev:x:46:\nstaff:x:50:\nlock:x:54:\nnetdev:x:82:\nusers:x:100:\nnobody:x:65534:\n",
          },
          "/etc/passwd": {
            text: "root:x:0:0:root:/root:/bin/sh\ndaemon:x:1:1:daemon:/usr/sbin:/bin/false\nbin:x:2:2:bin:/bin:/bin/false\nsys:x:3:3:sys:/dev:/bin/false\nsync:x:4:100:sync:/bin:/bin/sync\nmail:x:8:8:mail:/var/spool/mail:/bin/false\nwww-data:x:33:33:www-data:/var/www:/bin/false\noperator:x:37:37:Operator:/var:/bin/false\nnobody:x:65534:65534:nobody:/home:/bin/false\n",
          },
          "/etc/shadow": { text: "root:*:::::::\nnobody:*:::::::\n", mode: 0o600 },
          "/etc/localtime": { size: 114 },
          "/etc/network/if-up.d": { directory: true },
          "/etc/network/if-down.d": { directory: true },
          "/home": { directory: true, uid: 65534, gid: 65534 },
          "/lib/ld-linux-x86-64.so.2": { size: 225_600, mode: 0o755 },
          "/lib/libm.so.6": { size: 1_002_128 },
          "/lib/libresolv.so.2": { size: 60_328 },
          "/lib/libpthread.so.0": { size: 14_480 },
          "/lib64": { link: "lib" },
          "/root": { directory: true, mode: 0o700 },
          "/tmp": { directory: true, mode: 0o1777 },
          "/usr/bin/env": { link: "../../bin/env" },
          "/usr/sbin": { directory: true, uid: 1, gid: 1 },
          "/var/spool/mail": { directory: true, uid: 8, gid: 8 },
          "/var/www": { directory: true, uid: 33, gid: 33 },
        }),
    },
    { instruction: 'CMD ["sh"]', silent: true },
  ],
};

export const busybox: CatalogueImage = {
  repository: "library/busybox",
  description: "Busybox base image.",
  stars: 3411,
  official: true,
  get tags() {
    const publications = [publication(busyboxRecipe)];
    return ["latest", "glibc", "1.37", "1.37.0", "stable"].map((tag) => ({ tag, publications }));
  },
};
