import type { FileSystem, Inode } from "../../../files/filesystem.ts";
import type { Kernel } from "../kernel.ts";
import type { PidNamespace } from "../namespaces.ts";
import type { Process } from "../process.ts";
import { machineFiles } from "./machine.ts";
import { netFiles } from "./net.ts";
import { processDirectory } from "./process-directory.ts";
import { sysctlDirectory } from "./sysctl.ts";
import { LinkInode, MadeDirectory, TextInode } from "./text-inode.ts";

/** /proc of one pid namespace: a directory for each of its processes, and what the kernel tells of itself. */
export class ProcFileSystem implements FileSystem {
  readonly type = "proc";
  readonly device: number;
  readonly root: Inode;

  constructor(kernel: Kernel, namespace: PidNamespace, device: number) {
    this.device = device;
    const time = kernel.time.realtime();
    const number = () => (kernel.current ? namespace.numberOf(kernel.current) : 0);
    const fixed = new Map<string, Inode>();
    let ino = 4026532000;
    for (const [name, make] of Object.entries(machineFiles)) {
      fixed.set(name, new TextInode({ ino: ++ino, time }, () => make(kernel)));
    }
    fixed.set("self", new LinkInode({ ino: ++ino, time }, () => String(number())));
    fixed.set("thread-self", new LinkInode({ ino: ++ino, time }, () => `${number()}/task/${number()}`));
    fixed.set("mounts", new LinkInode({ ino: ++ino, time }, () => "self/mounts"));
    fixed.set("net", new LinkInode({ ino: ++ino, time }, () => "self/net"));
    fixed.set("sys", sysctlDirectory(kernel, time));
    for (const name of ["acpi", "asound", "bus", "fs", "irq", "scsi", "driver", "tty"])
      fixed.set(name, new MadeDirectory({ ino: ++ino, time }, () => []));
    fixed.set("kcore", new TextInode({ ino: ++ino, time, mode: 0o400 }, () => ""));
    fixed.set(
      "sysrq-trigger",
      new TextInode(
        { ino: ++ino, time, mode: 0o200 },
        () => "",
        () => {},
      ),
    );
    this.root = new MadeDirectory(
      { ino: 1, time },
      function* () {
        for (const [pid, process] of namespace.processes)
          yield [String(pid), entry(kernel, namespace, process)] as [string, Inode];
        yield* fixed;
      },
      (name) => {
        const found = fixed.get(name);
        if (found || !/^[1-9]\d*$/.test(name)) return found;
        const process = namespace.processes.get(Number(name));
        return process && entry(kernel, namespace, process);
      },
    );
  }
}

function entry(kernel: Kernel, namespace: PidNamespace, process: Process): Inode {
  return processDirectory(kernel, namespace, process, netFiles);
}
