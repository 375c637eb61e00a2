import { bytePipe, readAll, text } from "../../platform/bytes.ts";
import type { TaskIo } from "../../tasks/runtime.ts";
import type { TaskSpec } from "../../tasks/spec.ts";
import { syntheticElf } from "../kernel/elf.ts";
import { TestHost } from "../kernel/host.testing.ts";
import type { Program } from "../kernel/program.ts";

const capabilities = [
  "CAP_CHOWN", "CAP_DAC_OVERRIDE", "CAP_FSETID", "CAP_FOWNER", "CAP_MKNOD", "CAP_NET_RAW", "CAP_SETGID", "CAP_SETUID", "CAP_SETFCAP",
  "CAP_SETPCAP", "CAP_NET_BIND_SERVICE", "CAP_SYS_CHROOT", "CAP_KILL", "CAP_AUDIT_WRITE",
]; // prettier-ignore

let counter = 0;

/** A host on which containers can be made: each has the programs given in its /bin. */
export class ContainerHost extends TestHost {
  readonly #names: string[];

  constructor(programs: Record<string, Program>) {
    super(programs);
    this.#names = Object.keys(programs);
  }

  /** The specification of a container with a root of its own, after what the engine makes. */
  spec(args: string[], change: Partial<TaskSpec> & { terminal?: boolean; process?: never } = {}): TaskSpec {
    const id = String(++counter).padStart(64, "0");
    const directory = `/var/lib/docker/overlay2/${id}`;
    const bin = this.directory(`${directory}/lower/bin`);
    for (const name of this.#names)
      bin.create(name, { kind: "file", mode: 0o755, uid: 0, gid: 0, content: syntheticElf(name) });
    for (const name of ["diff", "work"]) this.directory(`${directory}/${name}`);
    this.file(`${directory}/lower/etc/passwd`, "root:x:0:0:root:/root:/bin/sh\n");
    const { terminal = false, ...rest } = change;
    return {
      id,
      process: {
        args,
        env: ["PATH=/usr/bin:/bin", "HOSTNAME=box"],
        cwd: "/",
        user: { uid: 0, gid: 0, additionalGids: [0] },
        terminal,
        ...(terminal ? { consoleSize: { width: 80, height: 24 } } : {}),
        capabilities,
        noNewPrivileges: false,
        rlimits: [],
      },
      mounts: [
        {
          destination: "/",
          type: "overlay",
          source: "overlay",
          options: [`lowerdir=${directory}/lower`, `upperdir=${directory}/diff`, `workdir=${directory}/work`],
        },
        { destination: "/proc", type: "proc", source: "proc", options: ["nosuid", "noexec", "nodev"] },
        {
          destination: "/dev",
          type: "tmpfs",
          source: "tmpfs",
          options: ["nosuid", "strictatime", "mode=755", "size=65536k"],
        },
        {
          destination: "/dev/pts",
          type: "devpts",
          source: "devpts",
          options: ["nosuid", "noexec", "newinstance", "ptmxmode=0666", "mode=0620", "gid=5"],
        },
        { destination: "/sys", type: "sysfs", source: "sysfs", options: ["nosuid", "noexec", "nodev", "ro"] },
        {
          destination: "/sys/fs/cgroup",
          type: "cgroup",
          source: "cgroup",
          options: ["ro", "nosuid", "noexec", "nodev"],
        },
      ],
      readonlyRoot: false,
      hostname: "box",
      domainname: "",
      namespaces: {
        pid: "new",
        network: "new",
        ipc: "new",
        uts: "new",
        cgroup: "new",
        user: "host",
        mount: "new",
      },
      cgroupParent: "/docker",
      resources: {},
      devices: [],
      privileged: false,
      maskedPaths: ["/proc/kcore", "/sys/firmware"],
      readonlyPaths: ["/proc/sys"],
      sysctl: {},
      seccomp: "default",
      init: false,
      runtime: "runc",
      annotations: {},
      ...rest,
    };
  }
}

/** Streams whose output can be read in the end. */
export function collectedIo(): TaskIo & { output(): Promise<string>; errors(): Promise<string> } {
  const stdout = bytePipe(1 << 20);
  const stderr = bytePipe(1 << 20);
  return {
    stdin: null,
    stdout: stdout.sink,
    stderr: stderr.sink,
    output: async () => text(await readAll(stdout.source)),
    errors: async () => text(await readAll(stderr.source)),
  };
}
