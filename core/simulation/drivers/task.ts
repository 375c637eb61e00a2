import { conflict } from "../../errors/errors.ts";
import type { Trace } from "../../steps/trace.ts";
import type { Exit, ProcessTable, Task, TaskIo, TaskProcess, TaskStats } from "../../tasks/runtime.ts";
import type { ProcessSpec, ResourceLimits } from "../../tasks/spec.ts";
import type { Cgroup } from "../kernel/cgroups.ts";
import type { Kernel } from "../kernel/kernel.ts";
import { fork, joinCgroup, terminate } from "../kernel/lifecycle.ts";
import type { NamespaceSet } from "../kernel/namespaces.ts";
import type { Process } from "../kernel/process.ts";
import { applyResources, writeCgroupFile } from "./container-cgroup.ts";
import type { ContainerRoot } from "./container-mounts.ts";
import { becomeUser, findExecutable, RuntimeFailure } from "./process-setup.ts";
import { SimulatedProcess } from "./process.ts";
import { processTable } from "./top.ts";
import { readStats } from "./stats.ts";

const execFailed = "OCI runtime exec failed: exec failed: unable to start container process: ";

interface TaskParts {
  shim: Process;
  cgroup: Cgroup;
  root: ContainerRoot;
  namespaces: NamespaceSet;
  limits: ResourceLimits;
  process: SimulatedProcess;
}

/** A container that runs (or is about to) in the simulated kernel. */
export class SimulatedTask implements Task {
  readonly id: string;
  readonly #kernel: Kernel;
  readonly #parts: TaskParts;

  constructor(kernel: Kernel, id: string, parts: TaskParts) {
    this.#kernel = kernel;
    this.id = id;
    this.#parts = parts;
  }

  get pid(): number {
    return this.#parts.process.pid;
  }

  start(): Promise<void> {
    return this.#parts.process.start();
  }

  wait(): Promise<Exit> {
    return this.#parts.process.wait();
  }

  kill(signal: string): Promise<void> {
    return this.#parts.process.kill(signal);
  }

  resize(size: { width: number; height: number }): Promise<void> {
    return this.#parts.process.resize(size);
  }

  async exec(execId: string, spec: ProcessSpec, io: TaskIo, trace?: Trace): Promise<TaskProcess> {
    const kernel = this.#kernel;
    const { shim, cgroup, process: first } = this.#parts;
    if (!first.process.alive) throw conflict(`cannot exec in a stopped container`);
    const child = fork(kernel, shim);
    child.namespaces = { ...first.process.namespaces, pid: child.pidNamespace };
    child.root = child.cwd = first.process.root;
    child.seccomp = first.process.seccomp;
    joinCgroup(child, cgroup);
    try {
      const process = new SimulatedProcess(kernel, child, spec, io);
      process.openStreams();
      becomeUser(child, spec);
      findExecutable(child, spec);
      trace?.note("kernel", "join namespaces", { exec: execId, pid: child.pid, of: first.process.pid });
      return process;
    } catch (error) {
      terminate(kernel, child, { kind: "signaled", signal: "SIGKILL", core: false });
      if (!(error instanceof RuntimeFailure)) throw error;
      // What is wrong with the specification itself is seen before anything starts.
      throw error.as(
        error.message.startsWith("Cwd ") ? "OCI runtime exec failed: exec failed: " : execFailed,
      );
    }
  }

  async pause(trace?: Trace): Promise<void> {
    writeCgroupFile(this.#kernel, this.#parts.cgroup, "cgroup.freeze", "1", trace);
  }

  async resume(trace?: Trace): Promise<void> {
    writeCgroupFile(this.#kernel, this.#parts.cgroup, "cgroup.freeze", "0", trace);
  }

  async update(resources: ResourceLimits, trace?: Trace): Promise<void> {
    try {
      applyResources(this.#kernel, this.#parts.cgroup, resources, trace);
    } catch (error) {
      throw error instanceof RuntimeFailure ? error.as("") : error;
    }
    this.#parts.limits = { ...this.#parts.limits, ...resources };
  }

  async stats(): Promise<TaskStats> {
    return readStats(this.#kernel, this.#parts.cgroup, this.#parts.namespaces.net);
  }

  async top(psArguments: string): Promise<ProcessTable> {
    return processTable(this.#kernel, [...this.#parts.cgroup.allProcesses()], psArguments);
  }

  async pids(): Promise<number[]> {
    return [...this.#parts.cgroup.allProcesses()].map((process) => process.pid).sort((a, b) => a - b);
  }

  async delete(trace?: Trace): Promise<void> {
    const kernel = this.#kernel;
    const { cgroup, shim, root } = this.#parts;
    for (const process of [...cgroup.allProcesses()])
      terminate(kernel, process, { kind: "signaled", signal: "SIGKILL", core: false });
    terminate(kernel, shim, { kind: "exited", code: 0 });
    root.unmount();
    if (cgroup.children.size === 0) cgroup.parent?.children.delete(cgroup.name);
    trace?.note("kernel", "remove cgroup", { path: `/sys/fs/cgroup${cgroup.path}` });
  }
}
