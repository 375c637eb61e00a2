import { Errno } from "../../files/filesystem.ts";
import type { Trace } from "../../steps/trace.ts";
import type { Task, TaskIo, TaskRuntime } from "../../tasks/runtime.ts";
import type { NamespaceSpec, TaskSpec } from "../../tasks/spec.ts";
import { Cgroup } from "../kernel/cgroups.ts";
import type { NamespaceKind } from "../kernel/calls.ts";
import type { Kernel } from "../kernel/kernel.ts";
import { fork, joinCgroup, terminate } from "../kernel/lifecycle.ts";
import { Mount, MountNamespace } from "../kernel/mounts.ts";
import {
  CgroupNamespace,
  Namespace,
  PidNamespace,
  UtsNamespace,
  type NamespaceSet,
} from "../kernel/namespaces.ts";
import { Process } from "../kernel/process.ts";
import { setSysctl } from "../kernel/proc/sysctl.ts";
import { applyResources, cgroupPathOf, makeCgroup } from "./container-cgroup.ts";
import { initProgram } from "./docker-init.ts";
import { finishRoot, mountInContainer, mountRoot, type ContainerRoot } from "./container-mounts.ts";
import { becomeUser, findExecutable, RuntimeFailure } from "./process-setup.ts";
import { SimulatedProcess } from "./process.ts";
import { SimulatedTask } from "./task.ts";

const createFailed =
  "failed to create shim task: OCI runtime create failed: runc create failed: unable to start container process: ";

/** Containers in the simulated kernel: what containerd's shim and runc do on Linux, in their order. */
export class SimulatedRuntime implements TaskRuntime {
  readonly #kernel: Kernel;

  constructor(kernel: Kernel) {
    this.#kernel = kernel;
  }

  create(spec: TaskSpec, io: TaskIo, trace?: Trace): Promise<Task> {
    if (!trace) return this.#create(spec, io);
    return trace.step(
      "runtime",
      "create container",
      { id: spec.id, runtime: spec.runtime, args: spec.process.args },
      (inner) => this.#create(spec, io, inner),
    );
  }

  async #create(spec: TaskSpec, io: TaskIo, trace?: Trace): Promise<Task> {
    const kernel = this.#kernel;
    const cgroup = makeCgroup(kernel, cgroupPathOf(spec), trace);
    const shim = startShim(kernel, spec.id);
    let root: ContainerRoot | undefined;
    let init: Process | undefined;
    try {
      applyResources(kernel, cgroup, spec.resources, trace);
      root = mountRoot(kernel, spec, trace);
      const namespaces = makeNamespaces(kernel, spec, cgroup, root.mount, trace);
      shim.namespaces = { ...shim.namespaces, pidForChildren: namespaces.pidForChildren };
      init = fork(kernel, shim);
      init.namespaces = { ...namespaces, pid: init.pidNamespace };
      // Threads of runc, which prepares a container from within, have numbers 2 to 6 when the program starts.
      init.pidNamespace.used(6);
      init.root = init.cwd = namespaces.mnt.rootLocation();
      joinCgroup(init, cgroup);
      for (const mount of spec.mounts.slice(1)) mountInContainer(kernel, init, mount, trace);
      const process = new SimulatedProcess(kernel, init, spec.process, io);
      const terminal = process.openStreams();
      finishRoot(kernel, init, spec, terminal, trace);
      for (const [name, value] of Object.entries(spec.sysctl)) writeSysctl(kernel, init, name, value);
      init.seccomp = spec.seccomp !== "unconfined";
      becomeUser(init, spec.process);
      const program = spec.init ? initProgram(spec.process.args) : undefined;
      if (!program) findExecutable(init, spec.process);
      process.program = program;
      trace?.note("runtime", "make process", {
        pid: init.pid,
        args: spec.process.args,
        user: spec.process.user,
        cwd: spec.process.cwd,
      });
      return new SimulatedTask(kernel, spec.id, {
        shim,
        cgroup,
        root,
        namespaces: init.namespaces,
        limits: spec.resources,
        process,
      });
    } catch (error) {
      if (init) terminate(kernel, init, { kind: "signaled", signal: "SIGKILL", core: false });
      terminate(kernel, shim, { kind: "exited", code: 0 });
      root?.unmount();
      if (cgroup.parent?.children.get(cgroup.name) === cgroup && cgroup.population === 0)
        cgroup.parent.children.delete(cgroup.name);
      throw error instanceof RuntimeFailure
        ? error.as(`${createFailed}error during container init: `)
        : error;
    }
  }
}

/** containerd's shim: a process of the host that stays with a container and is its processes' parent. */
function startShim(kernel: Kernel, id: string): Process {
  const shim = fork(kernel, kernel.init);
  shim.argv = [
    "/usr/bin/containerd-shim-runc-v2",
    "-namespace",
    "moby",
    "-id",
    id,
    "-address",
    "/run/containerd/containerd.sock",
  ];
  shim.comm = "containerd-shim";
  shim.childSubreaper = true;
  // It takes note of each of them.
  shim.actions = new Map([["SIGCHLD", "ignore"]]);
  return shim;
}

function makeNamespaces(
  kernel: Kernel,
  spec: TaskSpec,
  cgroup: Cgroup,
  root: Mount,
  trace?: Trace,
): NamespaceSet {
  const host = kernel.init.namespaces;
  const ask = spec.namespaces;
  const choose = <T extends Namespace>(
    kind: NamespaceKind,
    wanted: NamespaceSpec,
    make: (ino: number) => T,
  ): T => {
    if (wanted === "host") return host[kind] as Namespace as T;
    if (wanted === "new") return make(kernel.takeNamespaceNumber());
    const other = kernel.process(wanted.pid);
    if (!other) throw new RuntimeFailure(`lstat /proc/${wanted.pid}/ns/${kind}: no such file or directory`);
    return other.namespaces[kind] as Namespace as T;
  };
  const mnt = new MountNamespace(kernel.takeNamespaceNumber(), root);
  const uts = choose(
    "uts",
    ask.uts,
    (ino) => new UtsNamespace(ino, spec.hostname, spec.domainname || "(none)"),
  );
  const ipc = choose("ipc", ask.ipc, (ino) => new Namespace("ipc", ino));
  const pid = choose("pid", ask.pid, (ino) => new PidNamespace(ino, host.pid));
  const net = choose("net", ask.network, (ino) => sandboxOf(kernel, spec.sandbox, ino));
  const namespaces: NamespaceSet = {
    mnt,
    uts,
    ipc,
    pid,
    net,
    user: choose("user", ask.user, (ino) => new Namespace("user", ino)),
    cgroup: choose("cgroup", ask.cgroup, (ino) => new CgroupNamespace(ino, cgroup)),
    time: host.time,
    pidForChildren: pid,
  };
  const numbers = Object.fromEntries(
    (["mnt", "uts", "ipc", "pid", "net", "user", "cgroup"] as const).map((kind) => [
      kind,
      namespaces[kind].ino,
    ]),
  );
  trace?.note("kernel", "make namespaces", { ...numbers });
  return namespaces;
}

function sandboxOf(kernel: Kernel, sandbox: string | undefined, ino: number) {
  const made = sandbox === undefined ? undefined : kernel.network.sandboxes.get(sandbox);
  if (made) return made;
  const net = kernel.newNetNamespace(ino);
  net.loopback.up = true;
  net.loopback.addresses = ["127.0.0.1/8", "::1/128"];
  return net;
}

function writeSysctl(kernel: Kernel, init: Process, name: string, value: string): void {
  try {
    setSysctl(kernel, init.namespaces, name, value);
  } catch (error) {
    if (!(error instanceof Errno)) throw error;
    const path = `proc/./sys/${name.replaceAll(".", "/")}`;
    throw new RuntimeFailure(
      `open sysctl ${name} file: unsafe procfs detected: openat2 fsmount:fscontext:${path}: no such file or directory`,
    );
  }
}
