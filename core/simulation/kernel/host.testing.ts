import { MemoryFileSystem } from "../../files/memory.ts";
import type { Inode } from "../../files/filesystem.ts";
import { bytesContent } from "../../files/content.ts";
import { text, utf8 } from "../../platform/bytes.ts";
import type { Random } from "../../platform/random.ts";
import { O } from "./calls.ts";
import { startSession } from "./calls/processes.ts";
import { syntheticElf } from "./elf.ts";
import { Kernel } from "./kernel.ts";
import type { Process } from "./process.ts";
import { shellStatus } from "./process-status.ts";
import { ProgramRegistry, type Program } from "./program.ts";
import { TtySlave, type TtyMaster } from "./tty.ts";

/** Random numbers that are the same in every test. */
export function countingRandom(seed = 1): Random {
  let state = seed;
  return {
    bytes: (count) =>
      Uint8Array.from({ length: count }, () => (state = (state * 1103515245 + 12345) % 2147483648) >> 16),
  };
}

/** A small host for tests: a disk with /bin, /proc, /dev, /sys, and the programs given in /bin. */
export class TestHost {
  readonly kernel: Kernel;
  readonly disk: MemoryFileSystem;

  constructor(programs: Record<string, Program> = {}) {
    const registry = new ProgramRegistry();
    let kernel: Kernel | undefined;
    const boot = 1_700_000_000_000_000_000n;
    this.disk = new MemoryFileSystem({
      now: () => kernel?.time.realtime() ?? boot,
      type: "ext4",
      device: 2049,
    });
    for (const name of ["bin", "proc", "sys", "dev", "tmp", "etc", "root", "var", "run"])
      this.directory(name);
    this.kernel = kernel = new Kernel({
      boot,
      random: countingRandom(),
      turn: () => new Promise((resolve) => setImmediate(resolve)),
      disk: this.disk,
      hostname: "host",
      programs: registry,
    });
    for (const [name, program] of Object.entries(programs)) this.install(name, program);
    kernel.mount({ source: "proc", target: "/proc", type: "proc", options: [] });
    kernel.mount({ source: "sysfs", target: "/sys", type: "sysfs", options: [] });
    kernel.mount({ source: "cgroup2", target: "/sys/fs/cgroup", type: "cgroup2", options: [] });
    const dev = this.disk.root.lookup("dev")!;
    for (const [name, major, minor] of [
      ["null", 1, 3],
      ["zero", 1, 5],
      ["full", 1, 7],
      ["tty", 5, 0],
    ] as const) {
      dev.create(name, { kind: "character", mode: 0o666, uid: 0, gid: 0, rdev: { major, minor } });
    }
  }

  directory(path: string, mode = 0o755): Inode {
    let at: Inode = this.disk.root;
    for (const name of path.split("/").filter(Boolean)) {
      at = at.lookup(name) ?? at.create(name, { kind: "directory", mode, uid: 0, gid: 0 });
    }
    return at;
  }

  file(path: string, content: string, mode = 0o644): Inode {
    const at = path.lastIndexOf("/");
    const bytes = bytesContent(utf8(content));
    return this.directory(path.slice(0, at)).create(path.slice(at + 1), {
      kind: "file",
      mode,
      uid: 0,
      gid: 0,
      content: bytes,
    });
  }

  install(name: string, program: Program): void {
    this.kernel.programs.register(name, program);
    this.directory("bin").create(name, {
      kind: "file",
      mode: 0o755,
      uid: 0,
      gid: 0,
      content: syntheticElf(name),
    });
  }

  /** Runs /bin/NAME, or a program itself, to its end: its status and what it wrote to its standard output and error. */
  async run(
    program: string | Program,
    argv: readonly string[] = [],
  ): Promise<{ status: number; output: string }> {
    let name = program as string;
    if (typeof program === "function") {
      name = `anonymous${(this.#anonymous += 1)}`;
      this.install(name, program);
    }
    const pipe = this.kernel.createPipe();
    const reader = pipe.open(O.RDONLY);
    reader.references++;
    const writer = pipe.open(O.WRONLY);
    const stdin = this.kernel.createPipe();
    const process = this.kernel.spawn(`/bin/${name}`, {
      argv: [name, ...argv],
      files: [stdin.open(O.RDONLY), writer, writer],
    });
    let output = "";
    const decoder = new TextDecoder();
    const drained = (async () => {
      for (;;) {
        const bytes = reader.read(65536);
        if (!bytes) await reader.readable.next();
        else if (bytes.length === 0) return;
        else output += decoder.decode(bytes, { stream: true });
      }
    })();
    await this.kernel.loop.runUntil(Promise.all([this.kernel.ended(process), drained]));
    return { status: shellStatus(process.status!), output };
  }
  #anonymous = 0;

  /** Starts a program on a terminal of its own. */
  terminal(
    name: string,
    argv: readonly string[] = [],
  ): { process: Process; master: TtyMaster; screen: () => string } {
    const master = this.kernel.devpts.create({ columns: 80, rows: 24 }, O.RDWR);
    master.references++;
    const slave = new TtySlave(master.tty, O.RDWR);
    const process = this.kernel.spawn(`/bin/${name}`, {
      argv: [name, ...argv],
      files: [slave, slave, slave],
      prepare: (child) => {
        startSession(child);
        child.session.tty = master.tty;
        master.tty.session = child.session;
        master.tty.foreground = child.group;
      },
    });
    let shown = "";
    const screen = () => {
      while (master.tty.output.length > 0) shown += text(master.tty.output.take(65536));
      return shown;
    };
    return { process, master, screen };
  }

  /** Lets virtual time go on for so many milliseconds. */
  async pass(milliseconds: number): Promise<void> {
    await this.kernel.loop.runUntil(this.kernel.clock.sleep(milliseconds));
  }
}
