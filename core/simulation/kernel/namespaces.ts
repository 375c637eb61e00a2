import type { NetNamespace } from "../network/net-namespace.ts";
import type { NamespaceKind } from "./calls.ts";
import type { Cgroup } from "./cgroups.ts";
import type { MountNamespace } from "./mounts.ts";
import type { Process } from "./process.ts";

/** What all namespaces have: an identity, which /proc/PID/ns/KIND shows as "pid:[4026531836]". */
export class Namespace {
  readonly kind: NamespaceKind;
  readonly ino: number;

  constructor(kind: NamespaceKind, ino: number) {
    this.kind = kind;
    this.ino = ino;
  }
}

export class UtsNamespace extends Namespace {
  hostname: string;
  domainname: string;

  constructor(ino: number, hostname: string, domainname = "(none)") {
    super("uts", ino);
    this.hostname = hostname;
    this.domainname = domainname;
  }
}

/** Process numbers: each process has one in its own namespace and in every one above. */
export class PidNamespace extends Namespace {
  readonly parent: PidNamespace | undefined;
  readonly level: number;
  readonly processes = new Map<number, Process>();
  #last = 0;

  constructor(ino: number, parent?: PidNamespace) {
    super("pid", ino);
    this.parent = parent;
    this.level = parent ? parent.level + 1 : 0;
  }

  /** Its process 1: heir of orphans; when it ends, all others are killed. */
  get init(): Process | undefined {
    return this.processes.get(1);
  }

  get last(): number {
    return this.#last;
  }

  /** The next free number; numbers are given anew after 4194304 only. */
  take(): number {
    do this.#last = this.#last >= 4194304 ? 300 : this.#last + 1;
    while (this.processes.has(this.#last));
    return this.#last;
  }

  /** Numbers up to `last` have been given to somebody who is gone. */
  used(last: number): void {
    this.#last = Math.max(this.#last, last);
  }

  contains(process: Process): boolean {
    return this.numberOf(process) !== 0;
  }

  /** The process's number as seen from here; 0 when it is not seen. */
  numberOf(process: Process): number {
    return process.numbers[this.level]?.namespace === this ? process.numbers[this.level]!.pid : 0;
  }
}

export class CgroupNamespace extends Namespace {
  readonly root: Cgroup;

  constructor(ino: number, root: Cgroup) {
    super("cgroup", ino);
    this.root = root;
  }
}

/** The namespaces of one process: never changed, but replaced as a whole. */
export interface NamespaceSet {
  readonly mnt: MountNamespace;
  readonly pid: PidNamespace;
  readonly net: NetNamespace;
  readonly uts: UtsNamespace;
  readonly ipc: Namespace;
  readonly user: Namespace;
  readonly cgroup: CgroupNamespace;
  readonly time: Namespace;
  /** Where children are born after unshare or setns of pid. */
  readonly pidForChildren: PidNamespace;
}

/** The numbers that Linux gives to the first namespaces; further ones are counted from 4026532200 on. */
export const initialNamespaceNumbers: Record<NamespaceKind, number> = {
  time: 4026531834,
  cgroup: 4026531835,
  pid: 4026531836,
  user: 4026531837,
  uts: 4026531838,
  ipc: 4026531839,
  net: 4026531840,
  mnt: 4026531841,
};
