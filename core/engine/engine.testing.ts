import { createApiHandler, type ApiOptions } from "../api/handler.ts";
import type { ApiResponse, Transport } from "../api/exchange.ts";
import { MemoryContentStore } from "../content/memory.ts";
import { notFound, systemError } from "../errors/errors.ts";
import { MemoryRootFs } from "../files/memory-rootfs.ts";
import { MemoryFileSystem } from "../files/memory.ts";
import { removeTree, Tree } from "../files/tree.ts";
import type { NetworkDriver, PortMapping } from "../networks/driver.ts";
import { readAll, text, utf8, type ByteSource } from "../platform/bytes.ts";
import { Cancellation, Cancelled } from "../platform/cancellation.ts";
import type { Clock } from "../platform/clock.ts";
import { MemoryMetadataStore } from "../platform/metadata.ts";
import { portableCodecs } from "../platform/portable-codecs.ts";
import { SeededRandom } from "../platform/seeded-random.ts";
import { MemorySnapshotter } from "../snapshots/memory.ts";
import type { Exit, Task, TaskIo, TaskProcess, TaskRuntime } from "../tasks/runtime.ts";
import type { ProcessSpec, TaskSpec } from "../tasks/spec.ts";
import type { HostPaths, VolumeDriver } from "../volumes/driver.ts";
import { createEngine } from "./create.ts";
import type { Engine } from "./engine.ts";

/** Time that jumps to what is due as soon as nothing else is to be done. */
export class JumpingClock implements Clock {
  #now = 1_700_000_000_000_000_000n;
  #sleepers: { due: bigint; wake: () => void }[] = [];
  #pumping = false;

  now(): bigint {
    // Two things never happen at the same nanosecond.
    return ++this.#now;
  }

  sleep(milliseconds: number, cancellation?: Cancellation): Promise<void> {
    return new Promise((resolve, reject) => {
      const sleeper = { due: this.#now + BigInt(Math.round(milliseconds * 1e6)), wake: resolve };
      this.#sleepers.push(sleeper);
      cancellation?.onCancel((reason) => {
        this.#sleepers = this.#sleepers.filter((other) => other !== sleeper);
        reject(new Cancelled(reason));
      });
      this.#pump();
    });
  }

  #pump(): void {
    if (this.#pumping) return;
    this.#pumping = true;
    setImmediate(() => {
      this.#pumping = false;
      const next = this.#sleepers.sort((one, other) => Number(one.due - other.due)).shift();
      if (!next) return;
      if (next.due > this.#now) this.#now = next.due;
      next.wake();
      if (this.#sleepers.length > 0) this.#pump();
    });
  }
}

/** What a scripted program is handed. */
export interface FakeProcess {
  spec: ProcessSpec;
  io: TaskIo;
  print(text: string, stream?: "stdout" | "stderr"): Promise<void>;
  /** Settles with the number of the signal that it got. */
  signal: Promise<number>;
  clock: Clock;
}

export type FakeProgram = (process: FakeProcess) => Promise<number>;

const signals: Record<string, number> = { SIGHUP: 1, SIGINT: 2, SIGKILL: 9, SIGTERM: 15 };

/** Programs that every scripted container has. */
const programs: Record<string, FakeProgram> = {
  true: async () => 0,
  false: async () => 1,
  exit: async ({ spec }) => Number(spec.args[1]),
  echo: async ({ spec, print }) => {
    await print(`${spec.args.slice(1).join(" ")}\n`);
    return 0;
  },
  warn: async ({ spec, print }) => {
    await print(`${spec.args.slice(1).join(" ")}\n`, "stderr");
    return 0;
  },
  env: async ({ spec, print }) => {
    await print(`${spec.env.join("\n")}\n`);
    return 0;
  },
  cat: async ({ io, print }) => {
    if (!io.stdin) return 0;
    for (let bytes = await io.stdin.read(); bytes; bytes = await io.stdin.read()) await print(text(bytes));
    return 0;
  },
  sleep: async ({ spec, signal, clock }) => {
    const limit = new Cancellation();
    const ended = clock.sleep(Number(spec.args[1]) * 1000, limit).then(
      () => 0,
      () => 0,
    );
    // As process 1 of its namespace it ignores TERM, as sleep does.
    const status = await Promise.race([ended, signal.then((number) => 128 + number)]);
    limit.cancel();
    return status;
  },
};

class FakeTaskProcess implements TaskProcess {
  pid = 0;
  readonly spec: ProcessSpec;
  readonly #io: TaskIo;
  readonly #runtime: FakeRuntime;
  #end!: (exit: Exit) => void;
  readonly #ended = new Promise<Exit>((resolve) => (this.#end = resolve));
  #signal!: (number: number) => void;
  readonly #signalled = new Promise<number>((resolve) => (this.#signal = resolve));
  #over = false;
  #killed = false;

  constructor(runtime: FakeRuntime, spec: ProcessSpec, io: TaskIo) {
    this.#runtime = runtime;
    this.spec = spec;
    this.#io = io;
  }

  async start(): Promise<void> {
    this.pid = this.#runtime.nextPid++;
    const program = this.#runtime.programs[this.spec.args[0]!]!;
    const print = async (output: string, stream: "stdout" | "stderr" = "stdout") => {
      if (!this.#over) await this.#io[stream].write(utf8(output));
    };
    const { clock } = this.#runtime;
    const run = program({ spec: this.spec, io: this.#io, print, signal: this.#signalled, clock });
    void run.then((status) => this.finish(status));
  }

  finish(status: number, oomKilled = false): void {
    if (this.#over) return;
    this.#over = true;
    this.#io.stdout.close();
    this.#io.stderr.close();
    this.#end({ status, at: this.#runtime.clock.now(), oomKilled });
  }

  wait(): Promise<Exit> {
    return this.#ended;
  }

  async kill(signal: string): Promise<void> {
    if (this.#over) throw notFound("process already finished");
    const number = signals[signal] ?? 0;
    this.#runtime.signals.push(signal);
    if (number === 9) {
      this.#killed = true;
      this.finish(137);
    } else if (number !== 15 || this.#runtime.diesOfTerm) this.#signal(number);
    void this.#killed;
  }

  async resize({ width, height }: { width: number; height: number }): Promise<void> {
    this.#runtime.sizes.push(`${width}x${height}`);
  }
}

class FakeTask extends FakeTaskProcess implements Task {
  readonly id: string;
  readonly #runtime: FakeRuntime;

  constructor(runtime: FakeRuntime, spec: TaskSpec, io: TaskIo) {
    super(runtime, spec.process, io);
    this.#runtime = runtime;
    this.id = spec.id;
  }

  async exec(_execId: string, spec: ProcessSpec, io: TaskIo): Promise<TaskProcess> {
    this.#runtime.check(spec, "OCI runtime exec failed: exec failed: unable to start container process: ");
    return new FakeTaskProcess(this.#runtime, spec, io);
  }
  async pause(): Promise<void> {}
  async resume(): Promise<void> {}
  async update(): Promise<void> {}
  async stats() {
    return {
      at: this.#runtime.clock.now(),
      cpu: {
        total: 1000,
        user: 600,
        system: 400,
        throttling: { periods: 0, throttledPeriods: 0, throttledTime: 0 },
      },
      system: { cpu: 1_000_000, online: 2 },
      memory: { usage: 4096, limit: 1 << 30, stats: { anon: 4096 } },
      pids: { current: 1 },
      blockIo: [],
      networks: {
        eth0: {
          rxBytes: 1,
          rxPackets: 2,
          rxErrors: 3,
          rxDropped: 4,
          txBytes: 5,
          txPackets: 6,
          txErrors: 7,
          txDropped: 8,
        },
      },
    };
  }
  async top(psArguments: string) {
    if (psArguments === "-o args") return { titles: ["COMMAND"], processes: [] };
    return {
      titles: ["UID", "PID", "CMD"],
      processes: [["root", String(this.pid), this.spec.args.join(" ")]],
    };
  }
  async pids() {
    return [this.pid];
  }
  async delete(): Promise<void> {
    this.#runtime.deleted.push(this.id);
  }
}

/** A runtime without a kernel: programs are functions. */
export class FakeRuntime implements TaskRuntime {
  readonly clock: Clock;
  readonly programs: Record<string, FakeProgram> = { ...programs };
  readonly specs: TaskSpec[] = [];
  readonly signals: string[] = [];
  readonly sizes: string[] = [];
  readonly deleted: string[] = [];
  diesOfTerm = true;
  nextPid = 100;
  tasks: FakeTask[] = [];

  constructor(clock: Clock) {
    this.clock = clock;
  }

  async create(spec: TaskSpec, io: TaskIo): Promise<Task> {
    this.specs.push(spec);
    this.check(
      spec.process,
      "failed to create shim task: OCI runtime create failed: runc create failed: unable to start container process: error during container init: ",
    );
    const task = new FakeTask(this, spec, io);
    this.tasks.push(task);
    return task;
  }

  check(spec: ProcessSpec, prefix: string): void {
    const program = spec.args[0]!;
    if (program === "/etc/passwd") throw systemError(`${prefix}exec: "/etc/passwd": permission denied`);
    if (!this.programs[program])
      throw systemError(`${prefix}exec: ${JSON.stringify(program)}: executable file not found in $PATH`);
  }
}

/** Records what the engine asks of the network. */
export class FakeNetworkDriver implements NetworkDriver {
  readonly log: string[] = [];
  async createNetwork(network: { name: string }) {
    this.log.push(`create ${network.name}`);
  }
  async deleteNetwork(network: { name: string }) {
    this.log.push(`delete ${network.name}`);
  }
  async serveNames() {}

  async createSandbox(sandbox: string) {
    return { key: `/var/run/docker/netns/${sandbox.slice(0, 12)}` };
  }
  async deleteSandbox() {}
  async join(_sandbox: string, network: { name: string }, endpoint: { address: string }) {
    this.log.push(`join ${network.name} ${endpoint.address}`);
  }
  async leave(_sandbox: string, network: { name: string }, endpoint: { address: string }) {
    this.log.push(`leave ${network.name} ${endpoint.address}`);
  }
  async publish(_sandbox: string, _endpoint: unknown, mapping: PortMapping) {
    return mapping;
  }
  async unpublish() {}
}

class FakeVolumeDriver implements VolumeDriver {
  readonly name = "local";
  readonly #host: Tree;
  constructor(host: Tree) {
    this.#host = host;
  }
  async create(volumeName: string) {
    const mountpoint = `/var/lib/docker/volumes/${volumeName}/_data`;
    this.#host.mkdir(mountpoint, { mode: 0o755, uid: 0, gid: 0 });
    return { mountpoint };
  }
  async remove(volumeName: string) {
    removeTree(this.#host.locate("/var/lib/docker/volumes").inode!, volumeName);
  }
  async open(volumeName: string) {
    return new MemoryRootFs(this.#host.locate(`/var/lib/docker/volumes/${volumeName}/_data`).inode!);
  }
  async usage() {
    return 0;
  }
}

class FakeHostPaths implements HostPaths {
  readonly #root: MemoryRootFs;
  readonly #host: Tree;
  constructor(host: Tree, root: MemoryRootFs) {
    this.#host = host;
    this.#root = root;
  }
  async stat(path: string) {
    const inode = this.#find(path);
    if (!inode) return undefined;
    return { kind: inode.kind === "file" || inode.kind === "directory" ? inode.kind : ("other" as const) };
  }
  #find(path: string) {
    try {
      return this.#host.locate(path).inode;
    } catch {
      return undefined;
    }
  }
  async mkdir(path: string) {
    this.#host.mkdir(path, { mode: 0o755, uid: 0, gid: 0 });
  }
  read(path: string) {
    return this.#root.read(path);
  }
  async write(path: string, bytes: Uint8Array) {
    const place = this.#host.locate(path);
    const inode =
      place.inode ?? place.parent.create(place.name, { kind: "file", mode: 0o644, uid: 0, gid: 0 });
    inode.truncate(0);
    inode.write(0, bytes);
  }
  async remove(path: string) {
    const { parent, name } = this.#host.locate(path);
    removeTree(parent, name);
  }
}

/** An engine over scripted drivers, with an image `busybox` (and its API) to try things on. */
export interface TestEngine {
  engine: Engine;
  api: Transport;
  runtime: FakeRuntime;
  network: FakeNetworkDriver;
  clock: Clock;
  host: Tree;
  metadata: MemoryMetadataStore;
  /** Sends a request; the answer's JSON or text. */
  ask(
    method: string,
    target: string,
    body?: unknown,
  ): Promise<{ status: number; body: any; headers: ApiResponse["headers"] }>;
  /** Makes a container by the API and starts it; gives its identifier. */
  run(name: string, config: Record<string, unknown>): Promise<string>;
  /** A second engine on the same disk, after the first was cut off. */
  reboot(): Promise<TestEngine>;
}

export async function testEngine(
  options: ApiOptions = {},
  clock: Clock = new JumpingClock(),
): Promise<TestEngine> {
  const disk = new MemoryFileSystem({ now: () => clock.now() });
  return assemble(clock, disk, new MemoryMetadataStore(), options);
}

async function assemble(
  clock: Clock,
  disk: MemoryFileSystem,
  metadata: MemoryMetadataStore,
  options: ApiOptions,
): Promise<TestEngine> {
  const random = new SeededRandom(7);
  const host = new Tree(disk.root);
  const runtime = new FakeRuntime(clock);
  const network = new FakeNetworkDriver();
  const dataRoot = "/var/lib/docker";
  const codecs = portableCodecs;
  const engine = await createEngine({
    clock,
    random,
    codecs,
    metadata,
    content: new MemoryContentStore(codecs),
    snapshotter: new MemorySnapshotter({ host: disk.root, dataRoot, codecs, random, metadata }),
    runtime,
    networkDriver: network,
    volumeDriver: new FakeVolumeDriver(host),
    hostPaths: new FakeHostPaths(host, new MemoryRootFs(disk.root)),
    http: async () => {
      throw new Error("dial tcp: no network");
    },
    settings: {
      hostname: "host",
      daemonId: "00000000-0000-4000-8000-000000000000",
      version: "28.5.2",
      operatingSystem: "Debian GNU/Linux 13 (trixie)",
      kernelVersion: "6.12.0",
      osType: "linux",
      architecture: "x86_64",
      goArch: "amd64",
      cpus: 2,
      memory: 8 * 2 ** 30,
      dataRoot,
      cgroupVersion: "2",
      cgroupDriver: "cgroupfs",
      runtimes: ["runc", "io.containerd.runc.v2"],
      defaultRuntime: "runc",
      insecureRegistries: [],
      registryMirrors: [],
      labels: [],
      liveRestore: false,
      debug: false,
      logDriver: "json-file",
      logOptions: {},
      defaultAddressPools: [],
      bridge: { subnet: "172.17.0.0/16", gateway: "172.17.0.1", interfaceName: "docker0" },
      dns: [],
      upstreamDns: ["10.0.0.1"],
    },
  });
  if (engine.images.count === 0) await addBusybox(engine);
  const api = createApiHandler(engine, options);
  const ask: TestEngine["ask"] = async (method, target, body) => {
    const encoded = body === undefined ? null : utf8(typeof body === "string" ? body : JSON.stringify(body));
    const response = await api({
      method,
      target,
      headers: encoded
        ? { "content-type": "application/json", "content-length": String(encoded.length) }
        : {},
      body: encoded ? once(encoded) : null,
      cancellation: new Cancellation(),
    });
    const answer = text(await readAll(response.body));
    const isJson = response.headers["content-type"] === "application/json" && !/\}\n\{/.test(answer);
    return {
      status: response.status,
      body: isJson && answer ? JSON.parse(answer) : answer,
      headers: response.headers,
    };
  };
  const run: TestEngine["run"] = async (name, config) => {
    const created = await ask("POST", `/containers/create?name=${name}`, { Image: "busybox", ...config });
    if (created.status !== 201) throw new Error(created.body.message);
    const started = await ask("POST", `/containers/${name}/start`);
    if (started.status !== 204) throw new Error(started.body.message);
    return created.body.Id as string;
  };
  return {
    engine,
    api,
    runtime,
    network,
    clock,
    host,
    metadata,
    ask,
    run,
    reboot: () => assemble(clock, disk, metadata, options),
  };
}

function once(bytes: Uint8Array): ByteSource {
  let left: Uint8Array | null = bytes;
  return {
    read: async () => {
      const now = left;
      left = null;
      return now;
    },
    cancel: () => {},
  };
}

/** An image with one layer: /etc/passwd, /etc/group, /tmp. */
async function addBusybox(engine: Engine): Promise<void> {
  const files = new MemoryFileSystem({ now: () => 1_600_000_000_000_000_000n });
  const tree = new Tree(files.root);
  tree.mkdir("/tmp", { mode: 0o1777, uid: 0, gid: 0 });
  tree.mkdir("/etc", { mode: 0o755, uid: 0, gid: 0 });
  for (const [name, content] of [
    ["passwd", "root:x:0:0:root:/root:/bin/sh\nwww-data:x:33:33:www-data:/var/www:/bin/false\n"],
    ["group", "root:x:0:\nwww-data:x:33:\nwheel:x:10:root\n"],
  ] as const) {
    const place = tree.locate(`/etc/${name}`);
    const inode = place.parent.create(name, { kind: "file", mode: 0o644, uid: 0, gid: 0 });
    inode.write(0, utf8(content));
  }
  const layer = new MemoryRootFs(files.root).archive("/", { rename: "." });
  const { diffId, chainId } = await applied(engine, layer);
  engine.images.create(
    utf8(
      JSON.stringify({
        architecture: "amd64",
        os: "linux",
        created: "2024-01-01T00:00:00Z",
        config: { Cmd: ["sh"] },
        rootfs: { type: "layers", diff_ids: [diffId] },
        history: [{ created: "2024-01-01T00:00:00Z", comment: "Imported from -" }],
      }),
    ),
  );
  const [image] = [...engine.images.all()];
  engine.images.tag({ domain: "docker.io", path: "library/busybox", tag: "latest" } as never, image!.id);
  void chainId;
}

/** A layer's name is its diffId, which is only known once it has been read: it is applied twice. */
async function applied(engine: Engine, layer: ByteSource): Promise<{ diffId: string; chainId: string }> {
  const bytes = await readAll(layer);
  const diffId = `sha256:${engine.codecs.sha256().update(bytes).hex()}`;
  await engine.snapshotter.apply(diffId, null, once(bytes));
  return { diffId, chainId: diffId };
}
