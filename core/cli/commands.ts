import { parent } from "./command.ts";
import type { Command } from "./command.ts";
import { attach } from "./container/attach.ts";
import { commit } from "./container/commit.ts";
import { cp } from "./container/cp.ts";
import { create } from "./container/create.ts";
import { diff } from "./container/diff.ts";
import { exec } from "./container/exec.ts";
import { exportContainer } from "./container/export.ts";
import { containerInspectCommand } from "./container/inspect.ts";
import { kill } from "./container/kill.ts";
import { logs } from "./container/logs.ts";
import { pause } from "./container/pause.ts";
import { port } from "./container/port.ts";
import { prune as containerPrune } from "./container/prune.ts";
import { ls, ps } from "./container/ps.ts";
import { rename } from "./container/rename.ts";
import { restart } from "./container/restart.ts";
import { rm } from "./container/rm.ts";
import { run } from "./container/run.ts";
import { start } from "./container/start.ts";
import { stats } from "./container/stats.ts";
import { stop } from "./container/stop.ts";
import { top } from "./container/top.ts";
import { unpause } from "./container/unpause.ts";
import { update } from "./container/update.ts";
import { wait } from "./container/wait.ts";
import { inspectAny } from "./system/inspect.ts";

/** Commands that are there twice: `docker run` is `docker container run`. */
const containerCommands: Command[] = [
  attach,
  commit,
  cp,
  create,
  diff,
  exec,
  exportContainer,
  kill,
  logs,
  pause,
  port,
  rename,
  restart,
  rm,
  run,
  start,
  stats,
  stop,
  top,
  unpause,
  update,
  wait,
];

/** The commands of docker, one line each. */
export const commands: Command[] = [
  ...containerCommands,
  ps,
  inspectAny,
  parent({
    usage: "container",
    short: "Look after containers",
    children: [...containerCommands, ls, containerInspectCommand, containerPrune],
  }),
];
