import { createApiHandler } from "../api/handler.ts";
import { serveHttpConnection } from "../api/http-connection.ts";
import type { Transport } from "../api/exchange.ts";
import type { Console } from "../cli/console.ts";
import { MemoryContentStore } from "../content/memory.ts";
import { createEngine } from "../engine/create.ts";
import type { Engine } from "../engine/engine.ts";
import type { FileSystem } from "../files/filesystem.ts";
import { MemoryFileSystem } from "../files/memory.ts";
import type { NetworkDriver } from "../networks/driver.ts";
import type { Codecs } from "../platform/digests.ts";
import { MemoryMetadataStore } from "../platform/metadata.ts";
import { hex } from "../platform/random.ts";
import { SeededRandom } from "../platform/seeded-random.ts";
import { MemorySnapshotter } from "../snapshots/memory.ts";
import { SimulatedHostPaths } from "./drivers/host-paths.ts";
import { simulatedHttpClient } from "./drivers/http-client.ts";
import { SimulatedNetworkDriver } from "./drivers/network-driver.ts";
import { SimulatedRuntime } from "./drivers/runtime.ts";
import { SimulatedVolumeDriver } from "./drivers/volume-driver.ts";
import { mountSystem } from "./host/boot.ts";
import { debian, installHost } from "./host/disk.ts";
import { dockerProgram } from "./host/docker.ts";
import { HostLine, type LineRequest } from "./host/line.ts";
import { simulatedSettings } from "./host/settings.ts";
import { Kernel } from "./kernel/kernel.ts";
import { Mount } from "./kernel/mounts.ts";
import { resolve } from "./kernel/paths.ts";
import { ProgramRegistry } from "./kernel/program.ts";
import { connectHub, prefetchHub } from "./registry/connect.ts";
import { prefetchPrograms, registerLatePrograms } from "./userland/late-programs.ts";
import { hostPrograms } from "./userland/program-names.ts";

/** What a simulated world is made of and from. */
export interface WorldOptions {
  /** Of all randomness. */
  seed: number;
  /** The date of the first boot, nanoseconds since the Unix epoch. */
  epoch: bigint;
  /** Ends in a later macrotask. */
  turn: () => Promise<void>;
  codecs: Codecs;
  /** The docker command line, which knows nothing of this world. */
  docker: (argv: readonly string[], console: Console) => Promise<number>;
  /** Directories of the real machine, shown at the same path. */
  shared?: readonly { path: string; fileSystem: (device: number) => FileSystem }[];
  /** Directories that are there from the start, empty. */
  directories?: readonly string[];
  /** Makes published ports real ones, say. */
  networkDriver?: (simulated: NetworkDriver, kernel: () => Kernel) => NetworkDriver;
}

/** Fetches the code that a world fetches when it is first wanted. */
export async function prefetchWorld(): Promise<void> {
  await Promise.all([prefetchPrograms(), prefetchHub()]);
}

/** A simulated host with Docker on it, and the internet around it. */
export class World {
  kernel!: Kernel;
  engine!: Engine;
  /** The Engine API, as dockerd serves it on the host. */
  api!: Transport;
  readonly #options: WorldOptions;
  readonly #disk: MemoryFileSystem;
  readonly #metadata = new MemoryMetadataStore();
  readonly #content: MemoryContentStore;
  readonly #random: SeededRandom;
  readonly #daemonId: string;
  /** When the present boot was. */
  #booted: bigint;

  private constructor(options: WorldOptions) {
    this.#options = options;
    this.#booted = options.epoch;
    this.#random = new SeededRandom(options.seed);
    this.#daemonId = uuid(this.#random.bytes(16));
    this.#content = new MemoryContentStore(options.codecs);
    this.#disk = new MemoryFileSystem({
      now: () => this.kernel?.time.realtime() ?? options.epoch,
      type: "ext4",
      device: 2049,
    });
    installHost(this.#disk.root, debian, hostPrograms);
  }

  /** A new machine, booted. */
  static async create(options: WorldOptions): Promise<World> {
    const world = new World(options);
    await world.#boot();
    return world;
  }

  /** The power fails and comes back at `date`: the disk is what is left. */
  async powerCut(date: bigint): Promise<void> {
    // The clock on the board goes on without power, never back.
    const earliest = this.kernel.time.realtime();
    this.#booted = date > earliest ? date : earliest;
    this.kernel.loop.halt();
    await this.#boot();
  }

  /** Starts a program on the host. Throws Errno. */
  open(request: LineRequest): HostLine {
    return new HostLine(this.kernel, request);
  }

  /** Everything that a replay has to come to again. */
  state() {
    const { kernel } = this;
    const processes = [...kernel.init.pidNamespace.processes.values()].map(
      (process) => `${process.pid} ${process.argv.join(" ")}`,
    );
    return {
      disk: this.#disk.root,
      metadata: this.#metadata,
      processes,
      elapsed: Number(this.#booted - this.#options.epoch) + kernel.time.elapsed,
    };
  }

  async #boot(): Promise<void> {
    const { codecs, turn } = this.#options;
    const random = this.#random;
    const programs = new ProgramRegistry();
    const kernel = new Kernel({
      boot: this.#booted,
      random,
      turn,
      disk: this.#disk,
      hostname: debian.hostname,
      programs,
    });
    this.kernel = kernel;
    registerLatePrograms(programs, kernel.loop, codecs);
    programs.register(
      "docker",
      dockerProgram(this.#options.docker, { clock: kernel.clock, api: () => this.api }),
    );
    for (const path of this.#options.directories ?? []) makeDirectories(this.#disk, path);
    for (const { path, fileSystem } of this.#options.shared ?? []) {
      makeDirectories(this.#disk, path);
      const place = resolve(kernel.init, path);
      place.mount.attach(
        new Mount(kernel.takeMountId(), fileSystem(kernel.takeDevice()), { source: "shared" }),
        place.path,
      );
    }
    mountSystem(kernel);
    kernel.network.connectHost({ address: "10.0.2.15/24", gateway: "10.0.2.2" });
    connectHub(kernel, this.#metadata);
    const networkDriver = new SimulatedNetworkDriver(kernel);
    const settings = simulatedSettings(kernel, debian, this.#daemonId);
    const host = this.#disk.root;
    this.engine = await createEngine({
      clock: kernel.clock,
      random,
      codecs,
      metadata: this.#metadata,
      content: this.#content,
      snapshotter: new MemorySnapshotter({
        host,
        dataRoot: settings.dataRoot,
        codecs,
        random,
        metadata: this.#metadata,
        bindSource: (path) => resolve(kernel.init, path).inode,
      }),
      runtime: new SimulatedRuntime(kernel),
      networkDriver: this.#options.networkDriver?.(networkDriver, () => this.kernel) ?? networkDriver,
      volumeDriver: new SimulatedVolumeDriver(kernel, `${settings.dataRoot}/volumes`),
      hostPaths: new SimulatedHostPaths(kernel),
      http: simulatedHttpClient(kernel),
      settings,
    });
    this.api = createApiHandler(this.engine);
    kernel.network.serveUnix(
      "/run/docker.sock",
      (connection) => void serveHttpConnection(connection, this.api),
      { mode: 0o660, uid: 0, gid: 998 },
    );
  }
}

function makeDirectories(disk: FileSystem, path: string): void {
  let at = disk.root;
  for (const name of path.split("/").filter(Boolean)) {
    at = at.lookup(name) ?? at.create(name, { kind: "directory", mode: 0o755, uid: 0, gid: 0 });
  }
}

function uuid(bytes: Uint8Array): string {
  return hex(bytes).replace(/^(.{8})(.{4})(.{4})(.{4})/, "$1-$2-$3-$4-");
}
