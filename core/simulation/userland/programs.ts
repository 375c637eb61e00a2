import type { Program, ProgramRegistry } from "../kernel/program.ts";
import { bash, dash } from "./shells.ts";
import { busyboxProgram } from "./busybox.ts";
import { standaloneProgram } from "./run-user-program.ts";
import type { UserProgram } from "./user-program.ts";
import { awk } from "./awk.ts";
import { cat } from "./cat.ts";
import { chmod } from "./chmod.ts";
import { chown } from "./chown.ts";
import { cp } from "./cp.ts";
import { curl } from "./curl.ts";
import { cut } from "./cut.ts";
import { date } from "./date.ts";
import { dd } from "./dd.ts";
import { diff, cmp } from "./diff.ts";
import { digests } from "./digests.ts";
import { df, du } from "./disk-usage.ts";
import { od, hexdump } from "./dump.ts";
import { echo } from "./echo.ts";
import { env, printenv } from "./env.ts";
import { envsubst } from "./envsubst.ts";
import { expr } from "./expr.ts";
import { find } from "./find.ts";
import { gosu } from "./gosu.ts";
import { grep } from "./grep.ts";
import { gzip } from "./gzip.ts";
import { head } from "./head.ts";
import { helloWorld } from "./hello-world.ts";
import { hostname } from "./hostname.ts";
import { httpd } from "./httpd.ts";
import { id, whoami, groups } from "./id.ts";
import { ip } from "./ip.ts";
import { jq } from "./jq.ts";
import { kill, killall, pidof, pgrep } from "./kill.ts";
import { ln } from "./ln.ts";
import { ls } from "./ls.ts";
import { nproc, uptime, free, sync, dmesg } from "./machine-state.ts";
import { mknod, mkfifo, truncate, install } from "./make-nodes.ts";
import { mkdir } from "./mkdir.ts";
import { mongo } from "./mongo.ts";
import { mongod } from "./mongod.ts";
import { mount, umount } from "./mount.ts";
import { mv } from "./mv.ts";
import { chroot, unshare, nsenter, lsns, su } from "./namespaces.ts";
import { ifconfig, route, netstat, nc } from "./net-tools.ts";
import { nginx } from "./nginx.ts";
import { nslookup } from "./nslookup.ts";
import { basename, dirname, readlink, realpath, which, mktemp } from "./paths.ts";
import { ping } from "./ping.ts";
import { printf } from "./printf.ts";
import { ps } from "./ps.ts";
import { pwd } from "./pwd.ts";
import { rm } from "./rm.ts";
import { rmdir } from "./rmdir.ts";
import { script } from "./script.ts";
import { sed } from "./sed.ts";
import { seq } from "./seq.ts";
import { sleep } from "./sleep.ts";
import { tac, rev, nl, paste, comm, fold, base64, shuf } from "./small-text.ts";
import { sort } from "./sort.ts";
import { stat } from "./stat.ts";
import { tail } from "./tail.ts";
import { tar } from "./tar.ts";
import { tee } from "./tee.ts";
import { tty, clear, stty } from "./terminal.ts";
import { test } from "./test.ts";
import { time, timeout, nohup, nice, setsid } from "./time.ts";
import { touch } from "./touch.ts";
import { tr } from "./tr.ts";
import { trueProgram, falseProgram } from "./true.ts";
import { uname, arch } from "./uname.ts";
import { uniq } from "./uniq.ts";
import { wc } from "./wc.ts";
import { wget } from "./wget.ts";
import { xargs } from "./xargs.ts";
import { yes } from "./yes.ts";

/** Every program of the simulated world that is its own file here; a new one is a line here. */
export const userPrograms: readonly UserProgram[] = [
  awk,
  cat,
  chmod,
  chown,
  cp,
  curl,
  cut,
  date,
  dd,
  diff,
  cmp,
  digests,
  df,
  du,
  od,
  hexdump,
  echo,
  env,
  printenv,
  envsubst,
  expr,
  find,
  gosu,
  grep,
  gzip,
  head,
  helloWorld,
  hostname,
  httpd,
  id,
  whoami,
  groups,
  ip,
  jq,
  kill,
  killall,
  pidof,
  pgrep,
  ln,
  ls,
  nproc,
  uptime,
  free,
  sync,
  dmesg,
  mknod,
  mkfifo,
  truncate,
  install,
  mkdir,
  mongo,
  mongod,
  mount,
  umount,
  mv,
  chroot,
  unshare,
  nsenter,
  lsns,
  su,
  ifconfig,
  route,
  netstat,
  nc,
  nginx,
  nslookup,
  basename,
  dirname,
  readlink,
  realpath,
  which,
  mktemp,
  ping,
  printf,
  ps,
  pwd,
  rm,
  rmdir,
  script,
  sed,
  seq,
  sleep,
  tac,
  rev,
  nl,
  paste,
  comm,
  fold,
  base64,
  shuf,
  sort,
  stat,
  tail,
  tar,
  tee,
  tty,
  clear,
  stty,
  test,
  time,
  timeout,
  nohup,
  nice,
  setsid,
  touch,
  tr,
  trueProgram,
  falseProgram,
  uname,
  arch,
  uniq,
  wc,
  wget,
  xargs,
  yes,
];

/** Programs that are no UserProgram: the shells. */
const shells: Readonly<Record<string, Program>> = { dash, bash };

/** Makes the programs known to a kernel: busybox, and each program of the host by its name. */
export function registerPrograms(registry: ProgramRegistry): void {
  registry.register("busybox", busyboxProgram(userPrograms));
  for (const [name, program] of Object.entries(shells)) registry.register(name, program);
  for (const program of userPrograms) {
    if (program.flavours && !program.flavours.includes("gnu")) continue;
    const standalone = standaloneProgram(program);
    for (const name of program.names) registry.register(name, standalone);
  }
}
