import type { FileSystem, Inode } from "../../../files/filesystem.ts";
import type { NetNamespace } from "../../network/net-namespace.ts";
import type { Kernel } from "../kernel.ts";
import { MadeDirectory, TextInode } from "./text-inode.ts";

type Tree = { [name: string]: Tree | (() => string) };

/** /sys: the processors, the disk, the network's interfaces, and empty directories where software expects some. */
export class SysFileSystem implements FileSystem {
  readonly type = "sysfs";
  readonly device: number;
  readonly root: Inode;

  constructor(kernel: Kernel, net: NetNamespace, device: number) {
    this.device = device;
    const time = kernel.time.realtime();
    let ino = 1;
    const last = kernel.processors - 1;
    const processors = last === 0 ? "0\n" : `0-${last}\n`;
    const directory = (tree: () => Tree): Inode =>
      new MadeDirectory({ ino: ++ino, time, mode: 0o755 }, () =>
        Object.entries(tree()).map(([name, what]): [string, Inode] => [
          name,
          typeof what === "function" ? new TextInode({ ino: ++ino, time }, what) : directory(() => what),
        ]),
      );
    const interfaces = (): Tree =>
      Object.fromEntries(
        net.interfaces.map((each) => [
          each.name,
          {
            address: () => `${each.mac}\n`,
            ifindex: () => `${each.index}\n`,
            mtu: () => `${each.mtu}\n`,
            operstate: () => (each.kind === "loopback" ? "unknown\n" : each.up ? "up\n" : "down\n"),
            statistics: {
              rx_bytes: () => `${each.rxBytes}\n`,
              rx_packets: () => `${each.rxPackets}\n`,
              tx_bytes: () => `${each.txBytes}\n`,
              tx_packets: () => `${each.txPackets}\n`,
            },
          },
        ]),
      );
    this.root = directory(() => ({
      block: {},
      bus: {},
      class: { net: interfaces() },
      dev: {},
      devices: {
        system: { cpu: { online: () => processors, possible: () => processors, present: () => processors } },
      },
      firmware: {},
      fs: { cgroup: {}, bpf: {} },
      kernel: {
        mm: { transparent_hugepage: { enabled: () => "always [madvise] never\n" } },
        security: {},
        debug: {},
      },
      module: {},
      power: {},
    }));
  }
}
