import { Errno } from "../../files/filesystem.ts";
import type { Inode } from "../../files/filesystem.ts";
import type { Random } from "../../platform/random.ts";
import { POLL } from "./calls.ts";
import type { DevptsFileSystem } from "./devpts.ts";
import type { Location } from "./mounts.ts";
import { OpenFile } from "./open-file.ts";
import type { Thread } from "./process.ts";
import { TtySlave, type Tty } from "./tty.ts";

/** A character device without a place: null, zero, random. */
class DeviceFile extends OpenFile {
  readonly inode: Inode;
  readonly #device: { read(size: number): Uint8Array; write(bytes: Uint8Array): number };

  constructor(
    flags: number,
    location: Location,
    device: { read(size: number): Uint8Array; write(bytes: Uint8Array): number },
  ) {
    super(flags, location);
    this.inode = location.inode;
    this.#device = device;
  }
  override read(size: number): Uint8Array {
    return this.#device.read(size);
  }
  override write(bytes: Uint8Array): number {
    return this.#device.write(bytes);
  }
  override pread(size: number): Uint8Array {
    return this.#device.read(size);
  }
  override pwrite(bytes: Uint8Array): number {
    return this.#device.write(bytes);
  }
  override seek(): number {
    return 0;
  }
  override poll(): number {
    return POLL.IN | POLL.OUT;
  }
}

/** What devices are made of. */
export interface DevicePorts {
  random: Random;
  devpts: DevptsFileSystem;
  /** The terminal behind /dev/console. */
  console: Tty | undefined;
}

/** Opens the device behind a character or block special file; ENXIO where there is no such device. */
export function openDevice(ports: DevicePorts, location: Location, flags: number, thread: Thread): OpenFile {
  const { rdev } = location.inode.attributes();
  if (location.inode.kind === "block" || !rdev) throw new Errno("ENXIO");
  if (location.mount.flags.nodev) throw new Errno("EACCES");
  const none = new Uint8Array(0);
  const all = (bytes: Uint8Array) => bytes.length;
  switch (`${rdev.major}:${rdev.minor}`) {
    case "1:3":
      return new DeviceFile(flags, location, { read: () => none, write: all });
    case "1:5":
      return new DeviceFile(flags, location, { read: (size) => new Uint8Array(size), write: all });
    case "1:7":
      return new DeviceFile(flags, location, {
        read: (size) => new Uint8Array(size),
        write: () => {
          throw new Errno("ENOSPC");
        },
      });
    case "1:8":
    case "1:9":
      return new DeviceFile(flags, location, { read: (size) => ports.random.bytes(size), write: all });
    case "5:0": {
      const { tty } = thread.process.session;
      if (!tty) throw new Errno("ENXIO");
      return new TtySlave(tty, flags, location);
    }
    case "5:1":
      if (!ports.console) throw new Errno("EIO");
      return new TtySlave(ports.console, flags, location);
    case "5:2":
      return ports.devpts.create({ columns: 80, rows: 24 }, flags);
    default:
      throw new Errno("ENXIO");
  }
}
