import { Errno } from "../../../files/filesystem.ts";
import type { Inode } from "../../../files/filesystem.ts";
import type { NamespaceKind, Rlimit } from "../calls.ts";
import { capabilityNames, type CapabilitySet } from "../credentials.ts";
import { defaultRlimit } from "../calls/processes.ts";
import type { Kernel } from "../kernel.ts";
import { pathOf, type Location, type Mount } from "../mounts.ts";
import type { PidNamespace } from "../namespaces.ts";
import type { OpenFile } from "../open-file.ts";
import type { Process } from "../process.ts";
import { signalNumber, type SignalName } from "../signals.ts";
import { JumpingLink, NamespaceInode, nowhere } from "./namespace-link.ts";
import { MadeDirectory, TextInode } from "./text-inode.ts";
import type { SyntheticInode } from "../synthetic-inode.ts";

const namespaceLinks: readonly (readonly [string, NamespaceKind])[] = [
  ["cgroup", "cgroup"],
  ["ipc", "ipc"],
  ["mnt", "mnt"],
  ["net", "net"],
  ["pid", "pid"],
  ["pid_for_children", "pid"],
  ["time", "time"],
  ["time_for_children", "time"],
  ["user", "user"],
  ["uts", "uts"],
];

type Attributes = { ino: number; time: bigint; uid: number; gid: number };

/** /proc/PID. */
export function processDirectory(
  kernel: Kernel,
  viewer: PidNamespace,
  process: Process,
  netFiles: (kernel: Kernel, process: Process) => Record<string, () => string>,
): Inode {
  const { uid, gid } = process.credentials;
  let ino = process.pid * 1000;
  const attributes = (): Attributes => ({
    ino: ++ino,
    time: kernel.time.boot + BigInt(Math.floor(process.startTime)),
    uid,
    gid,
  });
  const text = (make: () => string, take?: (text: string) => void, mode?: number) =>
    new TextInode({ ...attributes(), ...(mode ? { mode } : {}) }, make, take);
  const mine = () => mayLook(kernel, process);
  const link = (target: () => { text: string; location: Location }) =>
    new JumpingLink(attributes(), () => {
      mine();
      return target();
    });
  const place = (location: Location | undefined) => () => {
    if (!location) throw new Errno("ENOENT");
    return { text: pathOf(location, kernel.current?.root ?? process.root), location };
  };
  const makers: Record<string, () => Inode> = {
    attr: () => new MadeDirectory({ ...attributes() }, () => []),
    cgroup: () => text(() => `0::${cgroupPath(kernel, process)}\n`),
    cmdline: () =>
      text(() => (process.alive && process.argv.length > 0 ? `${process.argv.join("\0")}\0` : "")),
    comm: () =>
      text(
        () => `${process.comm}\n`,
        (name) => void (process.comm = name.trim().slice(0, 15)),
      ),
    cwd: () => link(place(process.cwd)),
    environ: () =>
      text(
        () => {
          mine();
          return process.env.map((each) => `${each}\0`).join("");
        },
        undefined,
        0o400,
      ),
    exe: () => link(place(process.exe)),
    fd: () =>
      new MadeDirectory({ ...attributes(), mode: 0o500 }, () => {
        mine();
        return process.descriptors
          .entries()
          .map(([fd, file]): [string, Inode] => [String(fd), link(() => openFile(kernel, process, file))]);
      }),
    fdinfo: () =>
      new MadeDirectory({ ...attributes(), mode: 0o500 }, () =>
        process.descriptors
          .entries()
          .map(([fd, file]): [string, Inode] => [
            String(fd),
            text(
              () =>
                `pos:\t${file.offset}\nflags:\t0${file.flags.toString(8)}\nmnt_id:\t${file.location?.mount.id ?? 0}\n`,
            ),
          ]),
      ),
    io: () =>
      text(
        () =>
          "rchar: 0\nwchar: 0\nsyscr: 0\nsyscw: 0\nread_bytes: 0\nwrite_bytes: 0\ncancelled_write_bytes: 0\n",
      ),
    limits: () => text(() => limits(process)),
    maps: () => text(() => ""),
    mountinfo: () => text(() => mountLines(process, mountinfoLine)),
    mounts: () => text(() => mountLines(process, mountsLine)),
    net: () => {
      const files = netFiles(kernel, process);
      return new MadeDirectory(attributes(), () =>
        Object.entries(files).map(([name, make]): [string, Inode] => [name, text(make)]),
      );
    },
    ns: () =>
      new MadeDirectory({ ...attributes(), mode: 0o511 }, () =>
        namespaceLinks.map(([name, kind]): [string, Inode] => {
          const namespace =
            name === "pid_for_children" ? process.namespaces.pidForChildren : process.namespaces[kind];
          return [
            name,
            link(() => ({
              text: `${kind}:[${namespace.ino}]`,
              location: nowhere(new NamespaceInode(namespace), "nsfs"),
            })),
          ];
        }),
      ),
    oom_adj: () => text(() => "0\n"),
    oom_score: () =>
      text(
        () => `${Math.max(0, Math.round((process.memory / kernel.memory) * 1000) + process.oomScoreAdj)}\n`,
      ),
    oom_score_adj: () =>
      text(
        () => `${process.oomScoreAdj}\n`,
        (value) => {
          const score = Number(value);
          if (!Number.isInteger(score) || score < -1000 || score > 1000) throw new Errno("EINVAL");
          if (score < process.oomScoreAdj && !kernel.current?.has("CAP_SYS_RESOURCE"))
            throw new Errno("EACCES");
          process.oomScoreAdj = score;
        },
      ),
    root: () => link(place(process.root)),
    stat: () => text(() => `${stat(viewer, process)}\n`),
    statm: () => text(() => `${pages(process)} ${pages(process)} 0 1 0 ${pages(process)} 0\n`),
    status: () => text(() => status(viewer, process)),
    task: () =>
      new MadeDirectory(attributes(), () => [
        [String(viewer.numberOf(process)), processDirectory(kernel, viewer, process, netFiles)],
      ]),
    uid_map: () => text(() => "         0          0 4294967295\n"),
    gid_map: () => text(() => "         0          0 4294967295\n"),
    wchan: () => text(() => "0"),
  };
  return new MadeDirectory(
    attributes(),
    function* () {
      for (const [name, make] of Object.entries(makers)) yield [name, make()] as [string, Inode];
    },
    (name) => (Object.hasOwn(makers, name) ? makers[name]!() : undefined),
  );
}

/** Only the same user, or CAP_SYS_PTRACE, may look at what a process holds: EACCES. */
function mayLook(kernel: Kernel, process: Process): void {
  const reader = kernel.current;
  if (!reader || reader === process || reader.has("CAP_SYS_PTRACE")) return;
  const { uid, permitted } = process.credentials;
  if (reader.credentials.euid !== uid) throw new Errno("EACCES");
  for (const capability of permitted)
    if (!reader.credentials.permitted.has(capability)) throw new Errno("EACCES");
}

function openFile(kernel: Kernel, process: Process, file: OpenFile): { text: string; location: Location } {
  const root = kernel.current?.root ?? process.root;
  if (file.location) return { text: file.describe() ?? pathOf(file.location, root), location: file.location };
  const location = nowhere(file.inode as SyntheticInode, "pipefs");
  return { text: file.describe() ?? `anon_inode:[${file.inode.kind}]`, location };
}

/** The group as the reader's cgroup namespace has it: "/" for its root. */
function cgroupPath(kernel: Kernel, process: Process): string {
  const base = (kernel.current ?? process).namespaces.cgroup.root.path;
  const { path } = process.cgroup;
  if (base === "/") return path;
  if (path === base) return "/";
  return path.startsWith(`${base}/`) ? path.slice(base.length) : `/..${path}`;
}

function mountLines(process: Process, line: (mount: Mount, path: string) => string): string {
  const base = process.root.mount;
  const above = process.root.path === "/" ? base.path() : undefined;
  let lines = "";
  for (const mount of process.namespaces.mnt.mounts()) {
    const path = mount.path();
    if (above === undefined || above === "/") lines += line(mount, path);
    else if (path === above || path.startsWith(`${above}/`))
      lines += line(mount, path.slice(above.length) || "/");
  }
  return lines;
}

const escapeSpaces = (path: string) =>
  path.replace(/[\\ \t\n]/g, (each) => `\\${each.charCodeAt(0).toString(8).padStart(3, "0")}`);

function superOptions(mount: Mount): string {
  return mount.options === "" ? "rw" : `rw,${mount.options}`;
}

function mountsLine(mount: Mount, path: string): string {
  const options = mount.options === "" ? mount.flagText() : `${mount.flagText()},${mount.options}`;
  return `${escapeSpaces(mount.source)} ${escapeSpaces(path)} ${mount.fileSystem.type} ${options} 0 0\n`;
}

function mountinfoLine(mount: Mount, path: string): string {
  const shared =
    mount.propagation === "shared"
      ? ` shared:${mount.id}`
      : mount.propagation === "slave"
        ? ` master:${mount.id}`
        : "";
  return (
    `${mount.id} ${mount.parent?.id ?? 1} 0:${mount.fileSystem.device} ${escapeSpaces(mount.rootPath)} ${escapeSpaces(path)} ` +
    `${mount.flagText()}${shared} - ${mount.fileSystem.type} ${escapeSpaces(mount.source)} ${superOptions(mount)}\n`
  );
}

const pages = (process: Process) => Math.ceil(process.memory / 4096);

/** "R", "S", "T", "Z". */
export function processState(process: Process): string {
  if (!process.alive) return "Z";
  if (process.stopped) return "T";
  return process.threads.some((thread) => thread.state === "runnable") ? "R" : "S";
}

function stat(viewer: PidNamespace, process: Process): string {
  const { group, session } = process;
  const ticks = (nanoseconds: number) => Math.floor(nanoseconds / 1e7);
  const tty = session.tty ? 136 * 256 + session.tty.index : 0;
  const foreground = session.tty?.foreground ? viewer.numberOf(session.tty.foreground.leader) : -1;
  const fields = [
    viewer.numberOf(process), `(${process.comm})`, processState(process), process.parent ? viewer.numberOf(process.parent) : 0,
    viewer.numberOf(group.leader), viewer.numberOf(session.leader), tty, foreground, 4194304, 0, 0, 0, 0,
    ticks(process.userTime), ticks(process.systemTime), ticks(process.childrenUserTime), ticks(process.childrenSystemTime),
    20 + process.nice, process.nice, Math.max(1, process.threads.length), 0, ticks(process.startTime), process.memory, pages(process),
    "18446744073709551615", ...Array<number>(12).fill(0), 17, 0, 0, 0, 0, 0, 0, ...Array<number>(8).fill(0),
  ]; // prettier-ignore
  return fields.join(" ");
}

const stateWords: Record<string, string> = {
  R: "R (running)",
  S: "S (sleeping)",
  T: "T (stopped)",
  Z: "Z (zombie)",
};

function mask(signals: Iterable<SignalName>): string {
  let bits = 0n;
  for (const signal of signals) bits |= 1n << BigInt(signalNumber(signal) - 1);
  return bits.toString(16).padStart(16, "0");
}

function capabilityMask(set: CapabilitySet): string {
  let bits = 0n;
  capabilityNames.forEach((name, index) => {
    if (set.has(name)) bits |= 1n << BigInt(index);
  });
  return bits.toString(16).padStart(16, "0");
}

function status(viewer: PidNamespace, process: Process): string {
  const { credentials, actions } = process;
  const { uid, euid, suid, gid, egid, sgid } = credentials;
  const pid = viewer.numberOf(process);
  const memory = `${String(Math.floor(process.memory / 1024)).padStart(8)} kB`;
  const which = (kind: "ignore" | "object") =>
    [...actions]
      .filter(([, action]) => (kind === "ignore" ? action === "ignore" : typeof action === "object"))
      .map(([signal]) => signal);
  const levels = process.numbers
    .slice(viewer.level)
    .map((number) => number.pid)
    .join("\t");
  const lines: [string, string | number][] = [
    ["Name", process.comm], ["Umask", `0${process.umask.toString(8).padStart(3, "0")}`], ["State", stateWords[processState(process)]!],
    ["Tgid", pid], ["Ngid", 0], ["Pid", pid], ["PPid", process.parent ? viewer.numberOf(process.parent) : 0], ["TracerPid", 0],
    ["Uid", [uid, euid, suid, euid].join("\t")], ["Gid", [gid, egid, sgid, egid].join("\t")], ["FDSize", 64],
    ["Groups", `${credentials.groups.join(" ")} `], ["NStgid", levels], ["NSpid", levels], ["NSpgid", levels], ["NSsid", levels],
    ["VmPeak", memory], ["VmSize", memory], ["VmRSS", memory], ["Threads", Math.max(1, process.threads.length)], ["SigQ", "0/31359"],
    ["SigPnd", mask([])], ["ShdPnd", mask(process.pending)], ["SigBlk", mask(process.blocked)], ["SigIgn", mask(which("ignore"))],
    ["SigCgt", mask(which("object"))], ["CapInh", capabilityMask(credentials.inheritable)], ["CapPrm", capabilityMask(credentials.permitted)],
    ["CapEff", capabilityMask(credentials.effective)], ["CapBnd", capabilityMask(credentials.bounding)],
    ["CapAmb", capabilityMask(credentials.ambient)], ["NoNewPrivs", credentials.noNewPrivileges ? 1 : 0], ["Seccomp", process.seccomp ? 2 : 0],
    ["Cpus_allowed_list", process.cgroup.cpusetCpus || "0-1"],
  ]; // prettier-ignore
  return lines.map(([name, value]) => `${name}:\t${value}\n`).join("");
}

const limitRows: readonly (readonly [string, string, string])[] = [
  ["Max cpu time", "cpu", "seconds"],
  ["Max file size", "fsize", "bytes"],
  ["Max data size", "data", "bytes"],
  ["Max stack size", "stack", "bytes"],
  ["Max core file size", "core", "bytes"],
  ["Max resident set", "rss", "bytes"],
  ["Max processes", "nproc", "processes"],
  ["Max open files", "nofile", "files"],
  ["Max locked memory", "memlock", "bytes"],
  ["Max address space", "as", "bytes"],
  ["Max file locks", "locks", "locks"],
  ["Max pending signals", "sigpending", "signals"],
  ["Max msgqueue size", "msgqueue", "bytes"],
  ["Max nice priority", "nice", ""],
  ["Max realtime priority", "rtprio", ""],
  ["Max realtime timeout", "rttime", "us"],
];

function limits(process: Process): string {
  const row = (columns: readonly string[]) =>
    `${columns[0]!.padEnd(25)} ${columns[1]!.padEnd(20)} ${columns[2]!.padEnd(20)} ${columns[3]!.padEnd(10)}\n`;
  const value = (number: number) => (number > 2 ** 62 ? "unlimited" : String(number));
  let lines = row(["Limit", "Soft Limit", "Hard Limit", "Units"]);
  for (const [label, resource, unit] of limitRows) {
    const limit: Rlimit = process.rlimits.get(resource) ?? defaultRlimit(resource);
    lines += row([label, value(limit.soft), value(limit.hard), unit]);
  }
  return lines;
}
