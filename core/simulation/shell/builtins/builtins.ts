import { alias, unalias } from "./alias.ts";
import type { Builtin } from "./builtin.ts";
import { cd, pwd } from "./directory.ts";
import { colon, echo, falseBuiltin, help, printf, test, times, trueBuiltin } from "./simple.ts";
import { breakBuiltin, continueBuiltin, dot, evalBuiltin, exec, exit, returnBuiltin } from "./control.ts";
import { exportBuiltin, local, readonlyBuiltin, shift, unset } from "./variables.ts";
import { getopts } from "./getopts.ts";
import { command, hash, type } from "./lookup.ts";
import { bg, fg, jobs, kill, wait } from "./jobs.ts";
import { read } from "./read.ts";
import { set } from "./set.ts";
import { shopt, let_, history } from "./bash.ts";
import { trap } from "./trap.ts";
import { ulimit, umask } from "./limits.ts";

/** Every builtin by name. */
export const builtins: ReadonlyMap<string, Builtin> = new Map<string, Builtin>([
  [":", colon],
  [".", dot],
  ["source", { ...dot, dialects: ["ash", "bash"] }],
  ["[", test],
  ["[[", { ...test, dialects: ["ash", "bash"] }],
  ["alias", alias],
  ["bg", bg],
  ["break", breakBuiltin],
  ["cd", cd],
  ["chdir", { ...cd, dialects: ["ash", "dash"] }],
  ["command", command],
  ["continue", continueBuiltin],
  ["declare", { ...local, dialects: ["bash"] }],
  ["echo", echo],
  ["eval", evalBuiltin],
  ["exec", exec],
  ["exit", exit],
  ["export", exportBuiltin],
  ["false", falseBuiltin],
  ["fg", fg],
  ["getopts", getopts],
  ["hash", hash],
  ["help", help],
  ["history", history],
  ["jobs", jobs],
  ["kill", kill],
  ["let", let_],
  ["local", local],
  ["logout", { ...exit, dialects: ["bash"] }],
  ["printf", printf],
  ["pwd", pwd],
  ["read", read],
  ["readonly", readonlyBuiltin],
  ["return", returnBuiltin],
  ["set", set],
  ["shift", shift],
  ["shopt", shopt],
  ["test", test],
  ["times", times],
  ["trap", trap],
  ["true", trueBuiltin],
  ["type", type],
  ["typeset", { ...local, dialects: ["bash"] }],
  ["ulimit", ulimit],
  ["umask", umask],
  ["unalias", unalias],
  ["unset", unset],
  ["wait", wait],
]);
