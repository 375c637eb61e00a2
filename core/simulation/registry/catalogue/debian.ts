import { filledTo, type LayerTree } from "./tree.ts";

/** A release of Debian or of what is made from it. */
export interface Distribution {
  id: "debian" | "ubuntu";
  name: string;
  version: string;
  codename: string;
  prettyName: string;
  /** More lines of /etc/os-release. */
  more: string;
}

const COREUTILS =
  "[ arch b2sum base32 base64 basename basenc cat chcon chgrp chmod chown cksum comm cp csplit cut date dd df dir dircolors " +
  "dirname du echo env expand expr factor false fmt fold groups head hostid id install join link ln logname ls md5sum mkdir " +
  "mkfifo mknod mktemp mv nice nl nohup nproc numfmt od paste pathchk pinky pr printenv printf ptx pwd readlink realpath rm " +
  "rmdir runcon seq sha1sum sha224sum sha256sum sha384sum sha512sum shred shuf sleep sort split stat stdbuf stty sum sync tac " +
  "tail tee test timeout touch tr true truncate tsort tty uname unexpand uniq unlink users vdir wc who whoami yes";

const OTHERS =
  "apt apt-cache apt-get awk bash chage chsh clear cmp dash debconf diff dmesg dpkg dpkg-query egrep fgrep find findmnt free getconf " +
  "getent getopt grep gunzip gzip hostname ipcs kill last ldd locale login lsblk lscpu more mount mountpoint nsenter passwd pgrep " +
  "pidof pkill ps pwdx rgrep run-parts sed setpriv setsid su tar taskset top tput umount unshare uptime vmstat w watch " +
  "whereis which xargs zcat";

/** What debootstrap's minimal variant leaves, `size` bytes in all. */
export function debianFiles(distribution: Distribution, size: number): LayerTree {
  const { id, name, version, codename, prettyName, more } = distribution;
  const tree: LayerTree = {};
  for (const program of COREUTILS.split(" ")) tree[`/usr/bin/${program}`] = { program, size: 35_336 };
  for (const program of OTHERS.split(" ")) tree[`/usr/bin/${program}`] = { program, size: 68_120 };
  for (const program of "adduser chroot groupadd groupdel ldconfig nologin useradd userdel usermod".split(
    " ",
  ))
    tree[`/usr/sbin/${program}`] = { program, size: 39_296 };
  return filledTo(size, "/usr/lib/x86_64-linux-gnu/libicudata.so", {
    ...tree,
    "/bin": { link: "usr/bin" },
    "/boot": { directory: true },
    "/dev": { directory: true },
    "/etc/apt/sources.list": { text: `# See /etc/apt/sources.list.d/\n` },
    "/etc/bash.bashrc": { text: "[ -z \"$PS1\" ] && return\nPS1='\\u@\\h:\\w\\$ '\n" },
    "/etc/debian_version": { text: id === "debian" ? `${version}\n` : `${codename}/sid\n` },
    "/etc/group": {
      text: "root:x:0:\ndaemon:x:1:\nbin:x:2:\nsys:x:3:\nadm:x:4:\ntty:x:5:\ndisk:x:6:\nlp:x:7:\nmail:x:8:\nnews:x:9:\nuucp:x:10:\nman:x:12:\nproxy:x:13:\nkmem:x:15:\ndialout:x:20:\nfax:x:21:\nvoice:x:22:\ncdrom:x:24:\nfloppy:x:25:\ntape:x:26:\nsudo:x:27:\naudio:x:29:\ndip:x:30:\nwww-data:x:33:\nbackup:x:34:\noperator:x:37:\nlist:x:38:\nirc:x:39:\nsrc:x:40:\nshadow:x:42:\nutmp:x:43:\nvideo:x:44:\nsasl:x:45:\nplugdev:x:46:\nstaff:x:50:\ngames:x:60:\nusers:x:100:\nnogroup:x:65534:\n",
    },
    "/etc/host.conf": { text: "multi on\n" },
    "/etc/issue": { text: `${prettyName.replace(/ \(.*/, "")} \\n \\l\n\n` },
    "/etc/os-release": { link: "../usr/lib/os-release" },
    "/etc/passwd": {
      text: "root:x:0:0:root:/root:/bin/bash\ndaemon:x:1:1:daemon:/usr/sbin:/usr/sbin/nologin\nbin:x:2:2:bin:/bin:/usr/sbin/nologin\nsys:x:3:3:sys:/dev:/usr/sbin/nologin\nsync:x:4:65534:sync:/bin:/bin/sync\ngames:x:5:60:games:/usr/games:/usr/sbin/nologin\nman:x:6:12:man:/var/cache/man:/usr/sbin/nologin\nlp:x:7:7:lp:/var/spool/lpd:/usr/sbin/nologin\nmail:x:8:8:mail:/var/mail:/usr/sbin/nologin\nnews:x:9:9:news:/var/spool/news:/usr/sbin/nologin\nuucp:x:10:10:uucp:/var/spool/uucp:/usr/sbin/nologin\nproxy:x:13:13:proxy:/bin:/usr/sbin/nologin\nwww-data:x:33:33:www-data:/var/www:/usr/sbin/nologin\nbackup:x:34:34:backup:/var/backups:/usr/sbin/nologin\nlist:x:38:38:Mailing List Manager:/var/list:/usr/sbin/nologin\nirc:x:39:39:ircd:/run/ircd:/usr/sbin/nologin\n_apt:x:42:65534::/nonexistent:/usr/sbin/nologin\nnobody:x:65534:65534:nobody:/nonexistent:/usr/sbin/nologin\n",
    },
    "/etc/profile": {
      text: 'PATH="/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"\nexport PATH\n[ "$BASH" ] && [ -f /etc/bash.bashrc ] && . /etc/bash.bashrc\n',
    },
    "/etc/shadow": { text: "root:*:20000:0:99999:7:::\nnobody:*:20000:0:99999:7:::\n", mode: 0o640, gid: 42 },
    "/etc/shells": {
      text: "# /etc/shells: valid login shells\n/bin/sh\n/usr/bin/sh\n/bin/bash\n/usr/bin/bash\n",
    },
    "/home": { directory: true },
    "/lib": { link: "usr/lib" },
    "/lib64": { link: "usr/lib64" },
    "/media": { directory: true },
    "/mnt": { directory: true },
    "/opt": { directory: true },
    "/proc": { directory: true },
    "/root": { directory: true, mode: 0o700 },
    "/root/.bashrc": { text: "# ~/.bashrc\n" },
    "/run/lock": { directory: true, mode: 0o1777 },
    "/sbin": { link: "usr/sbin" },
    "/srv": { directory: true },
    "/sys": { directory: true },
    "/tmp": { directory: true, mode: 0o1777 },
    "/usr/bin/perl": { size: 4_038_552, mode: 0o755 },
    "/usr/bin/sh": { link: "dash" },
    "/usr/lib/os-release": {
      text: `PRETTY_NAME="${prettyName}"\nNAME="${name}"\nVERSION_ID="${version}"\nVERSION="${version} (${codename})"\nVERSION_CODENAME=${codename.split(" ")[0]!.toLowerCase()}\nID=${id}\n${more}`,
    },
    "/usr/lib/x86_64-linux-gnu/libapt-pkg.so.6.0": { size: 2_094_504 },
    "/usr/lib/x86_64-linux-gnu/libc.so.6": { size: 2_125_328, mode: 0o755 },
    "/usr/lib/x86_64-linux-gnu/libcrypto.so.3": { size: 5_305_304 },
    "/usr/lib/x86_64-linux-gnu/libm.so.6": { size: 952_616 },
    "/usr/lib/x86_64-linux-gnu/libstdc++.so.6": { size: 2_592_224 },
    "/usr/lib64/ld-linux-x86-64.so.2": { size: 236_616, mode: 0o755 },
    "/usr/local/bin": { directory: true },
    "/usr/local/lib": { directory: true },
    "/usr/local/sbin": { directory: true },
    "/usr/share/zoneinfo/UTC": { size: 114 },
    "/var/cache/apt/archives": { directory: true },
    "/var/lib/apt/lists": { directory: true },
    "/var/lib/dpkg/status": { size: 81_406 },
    "/var/lock": { link: "/run/lock" },
    "/var/log/dpkg.log": { size: 60_318 },
    "/var/run": { link: "/run" },
    "/var/tmp": { directory: true, mode: 0o1777 },
  });
}
