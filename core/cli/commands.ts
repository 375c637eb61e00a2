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
import { builder } from "./builder/builder.ts";
import { context } from "./context/context.ts";
import { build } from "./image/build.ts";
import { history } from "./image/history.ts";
import { image } from "./image/image.ts";
import { importImage } from "./image/import.ts";
import { load } from "./image/load.ts";
import { images } from "./image/ls.ts";
import { pull } from "./image/pull.ts";
import { push } from "./image/push.ts";
import { rmi } from "./image/rm.ts";
import { save } from "./image/save.ts";
import { tag } from "./image/tag.ts";
import { network } from "./network/network.ts";
import { login } from "./registry/login.ts";
import { logout } from "./registry/logout.ts";
import { search } from "./registry/search.ts";
import { events } from "./system/events.ts";
import { info } from "./system/info.ts";
import { inspectAny } from "./system/inspect.ts";
import { system } from "./system/system.ts";
import { version } from "./system/version.ts";
import { volume } from "./volume/volume.ts";

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

/** Commands of images that are there twice: `docker pull` is `docker image pull`. */
const imageCommands: Command[] = [build, history, importImage, load, pull, push, save, tag];

/** The commands of docker, one line each. */
export const commands: Command[] = [
  ...containerCommands,
  ps,
  inspectAny,
  ...imageCommands,
  images,
  rmi,
  events,
  info,
  login,
  logout,
  search,
  version,
  builder,
  context,
  image,
  network,
  system,
  volume,
  parent({
    usage: "container",
    short: "Look after containers",
    children: [...containerCommands, ls, containerInspectCommand, containerPrune],
  }),
];
