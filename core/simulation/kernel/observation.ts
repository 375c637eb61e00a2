import type { WaitStatus } from "./calls.ts";
import type { SignalName } from "./signals.ts";

/** Something that processes did on their own, as pictures and lessons may see it. Process numbers are the host's. */
export type Observation =
  | { kind: "fork"; pid: number; parent: number }
  | { kind: "exec"; pid: number; argv: string[]; program: string }
  | { kind: "exit"; pid: number; status: WaitStatus }
  | { kind: "signal"; from: number; to: number[]; signal: SignalName }
  | { kind: "oom"; pid: number; cgroup: string; memory: number; limit: number }
  /** `path` as the process's own mount namespace has it. */
  | { kind: "file"; pid: number; change: "create" | "remove" | "rename"; path: string }
  | { kind: "mount"; pid: number; type: string; source: string; target: string }
  | {
      kind: "listen" | "listen end";
      pid: number;
      protocol: string;
      address: string;
      port: number;
      namespace: number;
    }
  | { kind: "connect"; pid: number; protocol: string; from: string; to: string; result: string };
