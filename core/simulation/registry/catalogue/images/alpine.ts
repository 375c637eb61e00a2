import { appletLinks } from "../applets.ts";
import type { CatalogueImage } from "../catalogue.ts";
import { publication } from "../publish.ts";
import type { Recipe } from "../recipe.ts";
import { filledTo, type LayerTree } from "../tree.ts";

export const alpineRecipe: Recipe = {
  name: "alpine",
  created: "2025-07-15T11:01:33Z",
  history: "buildkit",
  steps: [
    {
      shown: "ADD alpine-minirootfs-3.22.1-x86_64.tar.gz / # buildkit",
      files: () => alpineFiles("3.22.1", "1.37.0", 8_312_832),
    },
    { instruction: 'CMD ["/bin/sh"]' },
  ],
};

/** Alpine's small root, `size` bytes in all. */
export function alpineFiles(version: string, busyboxVersion: string, size: number): LayerTree {
  const branch = version.split(".").slice(0, 2).join(".");
  return filledTo(size, "/usr/lib/libcrypto.so.3", {
    ...appletLinks(),
    "/bin/busybox": { program: "busybox", version: busyboxVersion, size: 808_712 },
    "/dev": { directory: true },
    "/etc/alpine-release": { text: `${version}\n` },
    "/etc/apk/arch": { text: "x86_64\n" },
    "/etc/apk/repositories": {
      text: `https://dl-cdn.alpinelinux.org/alpine/v${branch}/main\nhttps://dl-cdn.alpinelinux.org/alpine/v${branch}/community\n`,
    },
    "/etc/apk/world": {
      text: "alpine-baselayout\nalpine-keys\nalpine-release\napk-tools\nbusybox\nlibc-utils\n",
    },
    "/etc/group": {
      text: "root:x:0:root\nbin:x:1:root,bin,daemon\ndaemon:x:2:root,bin,daemon\nsys:x:3:root,bin\nadm:x:4:root,daemon\ntty:x:5:\ndisk:x:6:root\nlp:x:7:lp\nkmem:x:9:\nwheel:x:10:root\nfloppy:x:11:root\nmail:x:12:mail\nnews:x:13:news\nuucp:x:14:uucp\ncron:x:16:cron\naudio:x:18:\ncdrom:x:19:\ndialout:x:20:root\nftp:x:21:\nsshd:x:22:\ninput:x:23:\ntape:x:26:root\nvideo:x:27:root\nnetdev:x:28:\nkvm:x:34:kvm\ngames:x:35:\nshadow:x:42:\nwww-data:x:82:\nusers:x:100:games\nntp:x:123:\nabuild:x:300:\nutmp:x:406:\nping:x:999:\nnogroup:x:65533:\nnobody:x:65534:\n",
    },
    "/etc/hostname": { text: "localhost\n" },
    "/etc/hosts": {
      text: "127.0.0.1\tlocalhost localhost.localdomain\n::1\t\tlocalhost localhost.localdomain\n",
    },
    "/etc/issue": { text: `Welcome to Alpine Linux ${branch}\nKernel \\r on \\m (\\l)\n\n` },
    "/etc/motd": { text: "Welcome to Alpine!\n" },
    "/etc/os-release": {
      text: `NAME="Alpine Linux"\nID=alpine\nVERSION_ID=${version}\nPRETTY_NAME="Alpine Linux v${branch}"\nHOME_URL="https://alpinelinux.org/"\nBUG_REPORT_URL="https://gitlab.alpinelinux.org/alpine/aports/-/issues"\n`,
    },
    "/etc/passwd": {
      text: "root:x:0:0:root:/root:/bin/sh\nbin:x:1:1:bin:/bin:/sbin/nologin\ndaemon:x:2:2:daemon:/sbin:/sbin/nologin\nlp:x:4:7:lp:/var/spool/lpd:/sbin/nologin\nsync:x:5:0:sync:/sbin:/bin/sync\nshutdown:x:6:0:shutdown:/sbin:/sbin/shutdown\nhalt:x:7:0:halt:/sbin:/sbin/halt\nmail:x:8:12:mail:/var/mail:/sbin/nologin\nnews:x:9:13:news:/usr/lib/news:/sbin/nologin\nuucp:x:10:14:uucp:/var/spool/uucppublic:/sbin/nologin\ncron:x:16:16:cron:/var/spool/cron:/sbin/nologin\nftp:x:21:21::/var/lib/ftp:/sbin/nologin\nsshd:x:22:22:sshd:/dev/null:/sbin/nologin\ngames:x:35:35:games:/usr/games:/sbin/nologin\nntp:x:123:123:NTP:/var/empty:/sbin/nologin\nguest:x:405:100:guest:/dev/null:/sbin/nologin\nnobody:x:65534:65534:nobody:/:/sbin/nologin\n",
    },
    "/etc/profile": {
      text: 'export PATH="/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"\nexport PAGER=less\numask 022\n',
    },
    "/etc/shadow": { text: "root:*::0:::::\nnobody:!::0:::::\n", mode: 0o640, gid: 42 },
    "/etc/shells": { text: "# valid login shells\n/bin/sh\n/bin/ash\n" },
    "/etc/ssl/certs/ca-certificates.crt": { size: 212_366 },
    "/home": { directory: true },
    "/lib/apk/db/installed": { size: 14_120 },
    "/lib/ld-musl-x86_64.so.1": { size: 662_096, mode: 0o755 },
    "/lib/libc.musl-x86_64.so.1": { link: "ld-musl-x86_64.so.1" },
    "/media": { directory: true },
    "/mnt": { directory: true },
    "/opt": { directory: true },
    "/proc": { directory: true, mode: 0o555 },
    "/root": { directory: true, mode: 0o700 },
    "/run": { directory: true },
    "/sbin/apk": { program: "apk", size: 66_616 },
    "/sbin/ldconfig": { text: "#!/bin/sh\nexit 0\n", mode: 0o755 },
    "/srv": { directory: true },
    "/sys": { directory: true, mode: 0o555 },
    "/tmp": { directory: true, mode: 0o1777 },
    "/usr/lib/libapk.so.2.14.9": { size: 227_528, mode: 0o755 },
    "/usr/lib/libssl.so.3": { size: 829_920, mode: 0o755 },
    "/usr/lib/libz.so.1": { size: 100_136, mode: 0o755 },
    "/usr/share/udhcpc/default.script": { text: '#!/bin/sh\n[ -n "$1" ] || exit 1\n', mode: 0o755 },
    "/var/log": { directory: true },
    "/var/run": { link: "../run" },
    "/var/tmp": { directory: true, mode: 0o1777 },
  });
}

export const alpine: CatalogueImage = {
  repository: "library/alpine",
  description:
    "A minimal Docker image based on Alpine Linux with a complete package index and only 5 MB in size!",
  stars: 11478,
  official: true,
  get tags() {
    const publications = [publication(alpineRecipe)];
    return ["latest", "3", "3.22", "3.22.1"].map((tag) => ({ tag, publications }));
  },
};
