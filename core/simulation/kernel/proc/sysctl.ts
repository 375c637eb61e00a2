import { Errno } from "../../../files/filesystem.ts";
import type { Inode } from "../../../files/filesystem.ts";
import type { Kernel } from "../kernel.ts";
import type { NamespaceSet } from "../namespaces.ts";
import { MadeDirectory, TextInode } from "./text-inode.ts";

interface Sysctl {
  read(kernel: Kernel, namespaces: NamespaceSet): string;
  write?(kernel: Kernel, namespaces: NamespaceSet, value: string): void;
}

const constant = (value: string): Sysctl => ({ read: () => value });
/** Kept per network namespace. */
const ofNetwork = (name: string, first: string): Sysctl => ({
  read: (_kernel, { net }) => net.sysctl.get(name) ?? first,
  write: (_kernel, { net }, value) => void net.sysctl.set(name, value),
});
/** Kept once for the machine (or per ipc namespace, which comes to the same for what programs see here). */
const kept = (name: string, first: string): Sysctl => ({
  read: (kernel) => kernel.sysctl.get(name) ?? first,
  write: (kernel, _namespaces, value) => void kernel.sysctl.set(name, value),
});

/** What /proc/sys holds, by its name as sysctl(8) has it, with slashes. */
const sysctls: Record<string, Sysctl> = {
  "fs/file-max": constant("9223372036854775807"),
  "fs/file-nr": constant("1024\t0\t9223372036854775807"),
  "fs/inotify/max_user_watches": kept("fs/inotify/max_user_watches", "65536"),
  "fs/nr_open": constant("1048576"),
  "kernel/cap_last_cap": constant("40"),
  "kernel/core_pattern": kept("kernel/core_pattern", "core"),
  "kernel/domainname": {
    read: (_kernel, { uts }) => uts.domainname,
    write: (_kernel, { uts }, value) => void (uts.domainname = value),
  },
  "kernel/hostname": {
    read: (_kernel, { uts }) => uts.hostname,
    write: (_kernel, { uts }, value) => void (uts.hostname = value),
  },
  "kernel/msgmax": kept("kernel/msgmax", "8192"),
  "kernel/ngroups_max": constant("65536"),
  "kernel/osrelease": { read: (kernel) => kernel.release },
  "kernel/ostype": constant("Linux"),
  "kernel/overflowuid": constant("65534"),
  "kernel/pid_max": kept("kernel/pid_max", "4194304"),
  "kernel/random/boot_id": { read: (kernel) => kernel.bootId },
  "kernel/random/entropy_avail": constant("256"),
  "kernel/random/uuid": { read: (kernel) => uuid(kernel.random.bytes(16)) },
  "kernel/sem": kept("kernel/sem", "32000\t1024000000\t500\t32000"),
  "kernel/shmmax": kept("kernel/shmmax", "18446744073692774399"),
  "kernel/threads-max": constant("62718"),
  "kernel/version": { read: (kernel) => kernel.version },
  "net/core/somaxconn": ofNetwork("net/core/somaxconn", "4096"),
  "net/ipv4/conf/all/forwarding": ofNetwork("net/ipv4/ip_forward", "0"),
  "net/ipv4/conf/all/route_localnet": ofNetwork("net/ipv4/conf/all/route_localnet", "0"),
  "net/ipv4/ip_forward": ofNetwork("net/ipv4/ip_forward", "0"),
  "net/ipv4/ip_local_port_range": ofNetwork("net/ipv4/ip_local_port_range", "32768\t60999"),
  "net/ipv4/ip_unprivileged_port_start": ofNetwork("net/ipv4/ip_unprivileged_port_start", "1024"),
  "net/ipv4/ping_group_range": ofNetwork("net/ipv4/ping_group_range", "1\t0"),
  "net/ipv4/tcp_keepalive_time": ofNetwork("net/ipv4/tcp_keepalive_time", "7200"),
  "net/ipv4/tcp_syncookies": ofNetwork("net/ipv4/tcp_syncookies", "1"),
  "net/ipv6/conf/all/disable_ipv6": ofNetwork("net/ipv6/conf/all/disable_ipv6", "0"),
  "net/ipv6/conf/default/disable_ipv6": ofNetwork("net/ipv6/conf/default/disable_ipv6", "0"),
  "vm/max_map_count": kept("vm/max_map_count", "65530"),
  "vm/overcommit_memory": kept("vm/overcommit_memory", "0"),
  "vm/swappiness": kept("vm/swappiness", "60"),
};

function uuid(bytes: Uint8Array): string {
  const digits = [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  return digits.replace(/^(.{8})(.{4})(.{4})(.{4})/, "$1-$2-$3-$4-");
}

/** Sets a sysctl by its name ("net.ipv4.ip_forward") for a set of namespaces. ENOENT, EACCES. */
export function setSysctl(kernel: Kernel, namespaces: NamespaceSet, name: string, value: string): void {
  const sysctl = sysctls[name.replaceAll(".", "/")];
  if (!sysctl) throw new Errno("ENOENT");
  if (!sysctl.write) throw new Errno("EACCES");
  sysctl.write(kernel, namespaces, value);
}

type Tree = Map<string, Tree | Sysctl>;

const tree: Tree = new Map();
for (const [path, sysctl] of Object.entries(sysctls)) {
  const names = path.split("/");
  const last = names.pop()!;
  let at = tree;
  for (const name of names) {
    if (!at.has(name)) at.set(name, new Map());
    at = at.get(name) as Tree;
  }
  at.set(last, sysctl);
}

/** /proc/sys. Its inodes are made when they are looked at: every container has a /proc, few read it. */
export function sysctlDirectory(kernel: Kernel, time: bigint): Inode {
  let ino = 4026533000;
  const seen = () => (kernel.current ?? kernel.init).namespaces;
  const inodeOf = (entry: Tree | Sysctl): Inode => {
    if (entry instanceof Map) return directory(entry);
    const { read, write } = entry;
    return new TextInode(
      { ino: ++ino, time },
      () => `${read(kernel, seen())}\n`,
      write && ((value) => write(kernel, seen(), value.trim())),
    );
  };
  const directory = (entries: Tree): Inode => {
    const inodes = new Map<string, Inode>();
    const lookup = (name: string): Inode | undefined => {
      let inode = inodes.get(name);
      const entry = inode ? undefined : entries.get(name);
      if (entry) inodes.set(name, (inode = inodeOf(entry)));
      return inode;
    };
    return new MadeDirectory(
      { ino: ++ino, time },
      () => [...entries.keys()].map((name): [string, Inode] => [name, lookup(name)!]),
      lookup,
    );
  };
  return directory(tree);
}
