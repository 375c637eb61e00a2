import type { TaskProcess } from "../tasks/runtime.ts";
import type { Container } from "./container.ts";
import type { ProcessStreams } from "./streams.ts";

/** What docker exec asks for: the API's ExecOptions. */
export interface ExecRequest {
  User?: string;
  Privileged?: boolean;
  Tty?: boolean;
  ConsoleSize?: number[];
  AttachStdin?: boolean;
  AttachStderr?: boolean;
  AttachStdout?: boolean;
  DetachKeys?: string;
  Env?: string[];
  WorkingDir?: string;
  Cmd?: string[];
}

/** One docker exec: made by exec create, run by exec start, looked at with exec inspect. Not kept across restarts. */
export interface Exec {
  id: string;
  container: Container;
  request: ExecRequest;
  /** The program and its arguments. */
  entrypoint: string;
  args: string[];
  detachKeys: string;
  running: boolean;
  /** Null until it has ended. */
  exitCode: number | null;
  pid: number;
  started: boolean;
  process: TaskProcess | undefined;
  streams: ProcessStreams;
}
