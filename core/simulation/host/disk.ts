import { bytesContent } from "../../files/content.ts";
import type { FileContent, Inode } from "../../files/filesystem.ts";
import { utf8 } from "../../platform/bytes.ts";
import { syntheticElf } from "../kernel/elf.ts";

/** What is told apart between simulated hosts. */
export interface HostDescription {
  hostname: string;
  /** "Debian GNU/Linux 12 (bookworm)". */
  prettyName: string;
  /** /etc/os-release's ID and VERSION_ID. */
  id: string;
  versionId: string;
}

export const debian: HostDescription = {
  hostname: "drydock",
  prettyName: "Debian GNU/Linux 12 (bookworm)",
  id: "debian",
  versionId: "12",
};

const directories: [path: string, mode?: number][] = [
  ["/boot"], ["/dev"], ["/etc"], ["/etc/docker"], ["/home"], ["/media"], ["/mnt"], ["/opt"], ["/proc"], ["/root", 0o700],
  ["/run"], ["/run/lock", 0o1777], ["/srv"], ["/sys"], ["/tmp", 0o1777], ["/usr"], ["/usr/bin"], ["/usr/lib"], ["/usr/local"],
  ["/usr/local/bin"], ["/usr/sbin"], ["/usr/share"], ["/var"], ["/var/cache"], ["/var/lib"], ["/var/lib/docker", 0o710],
  ["/var/log"], ["/var/tmp", 0o1777],
]; // prettier-ignore

const links: [path: string, target: string][] = [
  ["/bin", "usr/bin"],
  ["/lib", "usr/lib"],
  ["/sbin", "usr/sbin"],
  ["/var/run", "/run"],
  ["/var/lock", "/run/lock"],
  ["/usr/bin/sh", "dash"],
  ["/usr/bin/awk", "mawk"],
];

/**
 * Puts on an empty disk what a freshly installed host has: the usual directories, accounts, configuration, and the
 * programs by the names of `programs`.
 */
export function installHost(disk: Inode, host: HostDescription, programs: Iterable<string>): void {
  for (const [path, mode] of directories) directory(disk, path, mode);
  for (const [path, target] of links) {
    const [parent, name] = place(disk, path);
    parent.create(name, { kind: "symlink", mode: 0o777, uid: 0, gid: 0, target });
  }
  for (const [path, text] of Object.entries(configuration(host)))
    file(disk, path, bytesContent(utf8(text)), 0o644);
  file(disk, "/etc/shadow", bytesContent(utf8("root:*:19700:0:99999:7:::\n")), 0o640);
  for (const program of programs) {
    const [parent] = place(disk, "/usr/bin/x");
    if (!parent.lookup(program)) file(disk, `/usr/bin/${program}`, syntheticElf(program), 0o755);
  }
}

function configuration({ hostname, prettyName, id, versionId }: HostDescription): Record<string, string> {
  return {
    "/etc/hostname": `${hostname}\n`,
    "/etc/hosts": `127.0.0.1\tlocalhost\n127.0.1.1\t${hostname}\n\n::1     localhost ip6-localhost ip6-loopback\nff02::1 ip6-allnodes\nff02::2 ip6-allrouters\n`,
    "/etc/resolv.conf": "nameserver 10.0.2.3\n",
    "/etc/os-release": `PRETTY_NAME="${prettyName}"\nNAME="${prettyName.replace(/ \d.*/, "")}"\nVERSION_ID="${versionId}"\nID=${id}\n`,
    "/etc/debian_version": "12.11\n",
    "/etc/issue": `${prettyName.replace(/ \(.*/, "")} \\n \\l\n\n`,
    "/etc/passwd": [
      "root:x:0:0:root:/root:/bin/bash",
      "daemon:x:1:1:daemon:/usr/sbin:/usr/sbin/nologin",
      "bin:x:2:2:bin:/bin:/usr/sbin/nologin",
      "sys:x:3:3:sys:/dev:/usr/sbin/nologin",
      "www-data:x:33:33:www-data:/var/www:/usr/sbin/nologin",
      "nobody:x:65534:65534:nobody:/nonexistent:/usr/sbin/nologin",
      "student:x:1000:1000:Student,,,:/home/student:/bin/bash",
      "",
    ].join("\n"),
    "/etc/group": [
      "root:x:0:", "daemon:x:1:", "bin:x:2:", "sys:x:3:", "adm:x:4:", "tty:x:5:", "disk:x:6:", "www-data:x:33:", "sudo:x:27:",
      "users:x:100:", "nogroup:x:65534:", "docker:x:998:", "student:x:1000:", "",
    ].join("\n"), // prettier-ignore
    "/etc/profile": 'PATH="/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"\nexport PATH\n',
    "/etc/shells": "/bin/sh\n/bin/dash\n/bin/bash\n",
    "/etc/bash.bashrc": "PS1='\\u@\\h:\\w\\$ '\n",
    "/root/.bashrc": "alias ll='ls -l'\n",
  };
}

function file(disk: Inode, path: string, content: FileContent, mode: number): void {
  const [parent, name] = place(disk, path);
  parent.create(name, { kind: "file", mode, uid: 0, gid: 0, content });
}

function directory(disk: Inode, path: string, mode = 0o755): void {
  const [parent, name] = place(disk, path);
  parent.create(name, { kind: "directory", mode, uid: 0, gid: 0 });
}

/** The directory that a path lies in, and its last element. */
function place(disk: Inode, path: string): [Inode, string] {
  const names = path.split("/").filter(Boolean);
  const last = names.pop()!;
  let at = disk;
  for (const name of names) at = at.lookup(name)!;
  return [at, last];
}
