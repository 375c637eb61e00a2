import { goDuration, parseTime } from "../platform/time.ts";
import { zeroTime, statusName, type ContainerState } from "./state.ts";

/** The words of docker ps's STATUS column: "Up 2 seconds (healthy)", "Exited (0) 3 hours ago", "Created". */
export function statusText(state: ContainerState, now: bigint): string {
  if (state.running) {
    const up = goDuration(now - parseTime(state.startedAt));
    if (state.paused) return `Up ${up} (Paused)`;
    if (state.restarting)
      return `Restarting (${state.exitCode}) ${goDuration(now - parseTime(state.finishedAt))} ago`;
    const health = state.health?.status;
    if (health && health !== "none")
      return `Up ${up} (${health === "starting" ? "health: starting" : health})`;
    return `Up ${up}`;
  }
  if (state.removing) return "Removal In Progress";
  if (state.dead) return "Dead";
  if (statusName(state) === "created") return "Created";
  if (state.finishedAt === zeroTime) return "";
  return `Exited (${state.exitCode}) ${goDuration(now - parseTime(state.finishedAt))} ago`;
}
