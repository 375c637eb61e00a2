import type { ByteSink, ByteSource } from "../platform/bytes.ts";
import type { Instant } from "../platform/clock.ts";
import type { Trace } from "../steps/trace.ts";
import type { ProcessSpec, ResourceLimits, TaskSpec } from "./spec.ts";

/**
 * Where a process's standard streams go. With a terminal, output comes on `stdout` alone and `stdin` carries keys.
 * `stdin` null: at its end from the start. The runtime closes both sinks when every writer is gone, before or at exit.
 */
export interface TaskIo {
  stdin: ByteSource | null;
  stdout: ByteSink;
  stderr: ByteSink;
}

/** How a process ended. A signal's status is 128 + its number, as Docker has it. */
export interface Exit {
  status: number;
  at: Instant;
  /** The kernel ended it for want of memory. */
  oomKilled: boolean;
}

/** One row of `ps`: the columns by header, in ps's order. */
export interface ProcessTable {
  titles: string[];
  processes: string[][];
}

/** One reading of a task's cgroup and interfaces: the numbers that docker stats shows. Counters, not rates. Bytes, nanoseconds. */
export interface TaskStats {
  at: Instant;
  cpu: {
    total: number;
    user: number;
    system: number;
    perCpu?: number[];
    throttling: { periods: number; throttledPeriods: number; throttledTime: number };
  };
  /** Nanoseconds all processors of the host have spent, and how many there are. */
  system: { cpu: number; online: number };
  memory: {
    usage: number;
    limit: number;
    stats: Record<string, number>;
    failcnt?: number;
    maxUsage?: number;
  };
  pids: { current: number; limit?: number };
  blockIo: { major: number; minor: number; op: "read" | "write"; bytes: number }[];
  networks: Record<
    string,
    {
      rxBytes: number;
      rxPackets: number;
      rxErrors: number;
      rxDropped: number;
      txBytes: number;
      txPackets: number;
      txErrors: number;
      txDropped: number;
    }
  >;
}

/** A process in a container: its first one, or one of docker exec. */
export interface TaskProcess {
  /** In the host's process namespace; 0 before it started. */
  readonly pid: number;
  start(): Promise<void>;
  /** Settles when it has ended, the same Exit every time. */
  wait(): Promise<Exit>;
  /** "SIGTERM" …; notFound "process already finished" when it has ended. */
  kill(signal: string): Promise<void>;
  resize(size: { width: number; height: number }): Promise<void>;
}

/** The running side of a container. */
export interface Task extends TaskProcess {
  readonly id: string;
  /** Rejects with the OCI runtime's text when the program cannot be started ("OCI runtime exec failed: exec failed: …"). */
  exec(execId: string, process: ProcessSpec, io: TaskIo, trace?: Trace): Promise<TaskProcess>;
  pause(trace?: Trace): Promise<void>;
  resume(trace?: Trace): Promise<void>;
  update(resources: ResourceLimits, trace?: Trace): Promise<void>;
  stats(): Promise<TaskStats>;
  /** Like `ps` with these arguments on the host, only this container's processes. Errors are ps's. */
  top(psArguments: string): Promise<ProcessTable>;
  /** Every process id, host's view. */
  pids(): Promise<number[]>;
  /** Kills what is left and takes away cgroup, namespaces and mounts. */
  delete(trace?: Trace): Promise<void>;
}

/** What makes containers of specifications: the simulated kernel, or an OCI runtime. */
export interface TaskRuntime {
  /**
   * Makes namespaces, cgroup and mounts, and checks the program; nothing of it runs until start().
   * Rejects with the OCI runtime's text (without "failed to create task for container: "): "failed to create shim task: OCI runtime
   * create failed: runc create failed: unable to start container process: error during container init: exec: …".
   */
  create(spec: TaskSpec, io: TaskIo, trace?: Trace): Promise<Task>;
}
