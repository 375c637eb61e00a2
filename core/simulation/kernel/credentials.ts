/** Linux's capabilities in the order of their numbers (capability.h). */
export const capabilityNames = [
  "CAP_CHOWN", "CAP_DAC_OVERRIDE", "CAP_DAC_READ_SEARCH", "CAP_FOWNER", "CAP_FSETID", "CAP_KILL", "CAP_SETGID", "CAP_SETUID",
  "CAP_SETPCAP", "CAP_LINUX_IMMUTABLE", "CAP_NET_BIND_SERVICE", "CAP_NET_BROADCAST", "CAP_NET_ADMIN", "CAP_NET_RAW", "CAP_IPC_LOCK",
  "CAP_IPC_OWNER", "CAP_SYS_MODULE", "CAP_SYS_RAWIO", "CAP_SYS_CHROOT", "CAP_SYS_PTRACE", "CAP_SYS_PACCT", "CAP_SYS_ADMIN",
  "CAP_SYS_BOOT", "CAP_SYS_NICE", "CAP_SYS_RESOURCE", "CAP_SYS_TIME", "CAP_SYS_TTY_CONFIG", "CAP_MKNOD", "CAP_LEASE",
  "CAP_AUDIT_WRITE", "CAP_AUDIT_CONTROL", "CAP_SETFCAP", "CAP_MAC_OVERRIDE", "CAP_MAC_ADMIN", "CAP_SYSLOG", "CAP_WAKE_ALARM",
  "CAP_BLOCK_SUSPEND", "CAP_AUDIT_READ", "CAP_PERFMON", "CAP_BPF", "CAP_CHECKPOINT_RESTORE",
] as const; // prettier-ignore

export type Capability = (typeof capabilityNames)[number];
export type CapabilitySet = ReadonlySet<string>;

export const allCapabilities: CapabilitySet = new Set(capabilityNames);
export const noCapabilities: CapabilitySet = new Set();

/** Who a process is: never changed, but replaced as a whole. */
export interface Credentials {
  readonly uid: number;
  readonly euid: number;
  readonly suid: number;
  readonly gid: number;
  readonly egid: number;
  readonly sgid: number;
  readonly groups: readonly number[];
  readonly effective: CapabilitySet;
  readonly permitted: CapabilitySet;
  readonly inheritable: CapabilitySet;
  readonly bounding: CapabilitySet;
  readonly ambient: CapabilitySet;
  readonly noNewPrivileges: boolean;
}

export const rootCredentials: Credentials = {
  uid: 0, euid: 0, suid: 0, gid: 0, egid: 0, sgid: 0, groups: [0],
  effective: allCapabilities, permitted: allCapabilities, inheritable: noCapabilities,
  bounding: allCapabilities, ambient: noCapabilities, noNewPrivileges: false,
}; // prettier-ignore

/** What capabilities(7) makes of a process when it changes its user: root's go when nothing of root is left. */
export function withUser(old: Credentials, ids: { uid: number; euid: number; suid: number }): Credentials {
  const wasRoot = old.uid === 0 || old.euid === 0 || old.suid === 0;
  const isRoot = ids.uid === 0 || ids.euid === 0 || ids.suid === 0;
  let { effective, permitted, ambient } = old;
  if (wasRoot && !isRoot) permitted = effective = ambient = noCapabilities;
  else if (old.euid === 0 && ids.euid !== 0) effective = noCapabilities;
  else if (old.euid !== 0 && ids.euid === 0) effective = permitted;
  return { ...old, ...ids, effective, permitted, ambient };
}

/** Whether the process belongs to a group by its effective or supplementary ones. */
export function inGroup(credentials: Credentials, gid: number): boolean {
  return credentials.egid === gid || credentials.groups.includes(gid);
}

/** What execve(2) makes of them: a set-user-id file, and root's capabilities from the bounding set. */
export function afterExec(
  old: Credentials,
  file: { mode: number; uid: number; gid: number; nosuid: boolean },
): Credentials {
  const honour = !file.nosuid && !old.noNewPrivileges;
  const euid = honour && file.mode & 0o4000 ? file.uid : old.euid;
  const egid = honour && (file.mode & 0o2010) === 0o2010 ? file.gid : old.egid;
  const privileged = euid !== old.euid || egid !== old.egid;
  const ambient = privileged ? noCapabilities : old.ambient;
  if (euid === 0 || old.uid === 0) {
    const permitted = new Set([...old.inheritable, ...old.bounding].filter((each) => old.bounding.has(each)));
    return {
      ...old,
      euid,
      egid,
      suid: euid,
      sgid: egid,
      permitted,
      effective: euid === 0 ? permitted : noCapabilities,
      ambient,
    };
  }
  return { ...old, euid, egid, suid: euid, sgid: egid, permitted: ambient, effective: ambient, ambient };
}
