import { MemoryFileSystem } from "../../files/memory.ts";
import { bytePipe, readAll, text, utf8 } from "../../platform/bytes.ts";
import { SeededRandom } from "../../platform/seeded-random.ts";
import { mountSystem } from "../host/boot.ts";
import { debian, installHost } from "../host/disk.ts";
import { HostLine } from "../host/line.ts";
import { syntheticElf } from "../kernel/elf.ts";
import { Kernel } from "../kernel/kernel.ts";
import { jumping } from "../kernel/pacing.ts";
import { ProgramRegistry } from "../kernel/program.ts";
import { hostPrograms } from "./program-names.ts";
import { registerPrograms } from "./programs.ts";

/** What a command on the machine of a test printed, and its exit status. */
export interface CommandResult {
  stdout: string;
  stderr: string;
  status: number;
}

/** A simulated host with all programs, and busybox at /bin/busybox, for tests. */
export class TestMachine {
  readonly kernel: Kernel;

  constructor() {
    const programs = new ProgramRegistry();
    registerPrograms(programs);
    const disk = new MemoryFileSystem({ now: () => 1_700_000_000_000_000_000n, type: "ext4", device: 2049 });
    installHost(disk.root, debian, hostPrograms);
    const usrBin = disk.root.lookup("usr")!.lookup("bin")!;
    const busybox = syntheticElf("busybox", { version: "1.35.0", size: 2 << 20 });
    usrBin.create("busybox", { kind: "file", mode: 0o755, uid: 0, gid: 0, content: busybox });
    this.kernel = new Kernel({
      boot: 1_700_000_000_000_000_000n,
      random: new SeededRandom(1),
      turn: () => new Promise((resolve) => setImmediate(resolve)),
      disk,
      hostname: "drydock",
      programs,
    });
    this.kernel.onCrash = (_process, error) => console.error(error);
    mountSystem(this.kernel);
    this.kernel.loop.pace(jumping);
  }

  /** Runs a program to its end, with `input` on its standard input. */
  async run(argv: readonly string[], input = "", cwd = "/root"): Promise<CommandResult> {
    const [stdout, stderr] = [bytePipe(1 << 24), bytePipe(1 << 24)];
    const env = [
      "PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin",
      "HOME=/root",
      "LC_ALL=C.UTF-8",
      "TZ=UTC",
    ];
    const path = argv[0]!.includes("/") ? argv[0]! : `/usr/bin/${argv[0]}`;
    const line = new HostLine(this.kernel, {
      path,
      argv,
      env,
      cwd,
      terminal: null,
      output: { stdout: stdout.sink, stderr: stderr.sink },
    });
    if (input !== "") line.input(utf8(input));
    line.end();
    const status = await line.ended;
    stdout.sink.close();
    stderr.sink.close();
    return { stdout: text(await readAll(stdout.source)), stderr: text(await readAll(stderr.source)), status };
  }
}
