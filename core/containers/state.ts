/** The states that docker ps -f status= takes. */
export const statusNames = [
  "created",
  "running",
  "paused",
  "restarting",
  "removing",
  "exited",
  "dead",
] as const;
export type StatusName = (typeof statusNames)[number];

export type HealthName = "none" | "starting" | "healthy" | "unhealthy";

/** How one health check ended; times are RFC 3339. */
export interface HealthResult {
  Start: string;
  End: string;
  ExitCode: number;
  Output: string;
}

export interface Health {
  status: HealthName;
  failingStreak: number;
  /** The last five. */
  log: HealthResult[];
}

/** The zero time of Go, which Docker shows for what has not happened. */
export const zeroTime = "0001-01-01T00:00:00Z";

/** Where a container is between created and removed. */
export interface ContainerState {
  running: boolean;
  paused: boolean;
  restarting: boolean;
  oomKilled: boolean;
  removing: boolean;
  dead: boolean;
  pid: number;
  exitCode: number;
  /** Why it could not be started. */
  error: string;
  startedAt: string;
  finishedAt: string;
  health?: Health;
}

export function createdState(): ContainerState {
  return {
    running: false,
    paused: false,
    restarting: false,
    oomKilled: false,
    removing: false,
    dead: false,
    pid: 0,
    exitCode: 0,
    error: "",
    startedAt: zeroTime,
    finishedAt: zeroTime,
  };
}

/** The state's one word. */
export function statusName(state: ContainerState): StatusName {
  if (state.running) return state.paused ? "paused" : state.restarting ? "restarting" : "running";
  if (state.restarting) return "restarting";
  if (state.removing) return "removing";
  if (state.dead) return "dead";
  return state.startedAt === zeroTime ? "created" : "exited";
}

/** It runs: the kernel has its process. Docker also calls a container running that waits for its next restart. */
export function enterRunning(state: ContainerState, pid: number, startedAt: string): void {
  Object.assign(state, {
    running: true,
    paused: false,
    restarting: false,
    exitCode: 0,
    error: "",
    pid,
    startedAt,
  });
  state.oomKilled = false;
}

/** Its process has ended. */
export function enterExited(
  state: ContainerState,
  exit: { exitCode: number; oomKilled: boolean; finishedAt: string },
): void {
  Object.assign(state, { running: false, paused: false, restarting: false, pid: 0 }, exit);
}

/** Its process has ended and will be started again: Docker says Running and Restarting at once. */
export function enterRestarting(
  state: ContainerState,
  exit: { exitCode: number; oomKilled: boolean; finishedAt: string },
): void {
  Object.assign(state, { running: true, paused: false, restarting: true, pid: 0 }, exit);
}
