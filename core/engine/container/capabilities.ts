/** Every capability that Linux knows, by number. */
const all = (
  "CHOWN DAC_OVERRIDE DAC_READ_SEARCH FOWNER FSETID KILL SETGID SETUID SETPCAP LINUX_IMMUTABLE NET_BIND_SERVICE " +
  "NET_BROADCAST NET_ADMIN NET_RAW IPC_LOCK IPC_OWNER SYS_MODULE SYS_RAWIO SYS_CHROOT SYS_PTRACE SYS_PACCT SYS_ADMIN " +
  "SYS_BOOT SYS_NICE SYS_RESOURCE SYS_TIME SYS_TTY_CONFIG MKNOD LEASE AUDIT_WRITE AUDIT_CONTROL SETFCAP MAC_OVERRIDE " +
  "MAC_ADMIN SYSLOG WAKE_ALARM BLOCK_SUSPEND AUDIT_READ PERFMON BPF CHECKPOINT_RESTORE"
)
  .split(" ")
  .map((name) => `CAP_${name}`);

/** What a container's processes may do unless told otherwise. */
const byDefault =
  "CHOWN DAC_OVERRIDE FSETID FOWNER MKNOD NET_RAW SETGID SETUID SETFCAP SETPCAP NET_BIND_SERVICE SYS_CHROOT KILL AUDIT_WRITE"
    .split(" ")
    .map((name) => `CAP_${name}`);

function normalised(name: string): string {
  const upper = name.toUpperCase();
  return upper === "ALL" || upper.startsWith("CAP_") ? upper : `CAP_${upper}`;
}

/** The first of these that is no capability; undefined when all are. */
export function unknownCapability(names: readonly string[]): string | undefined {
  return names.map(normalised).find((name) => name !== "ALL" && !all.includes(name));
}

/** Capabilities in their full spelling, sorted, as docker inspect shows --cap-add. */
export function normaliseCapabilities(names: readonly string[]): string[] {
  return [...new Set(names.map(normalised))].sort();
}

/** What a container gets of --privileged, --cap-add and --cap-drop. */
export function capabilitiesOf(
  privileged: boolean,
  add: readonly string[],
  drop: readonly string[],
): string[] {
  if (privileged) return [...all];
  const added = add.map(normalised);
  const dropped = drop.map(normalised);
  if (added.includes("ALL")) return all.filter((name) => !dropped.includes(name));
  const base = dropped.includes("ALL") ? [] : byDefault.filter((name) => !dropped.includes(name));
  return all.filter((name) => base.includes(name) || added.includes(name));
}
