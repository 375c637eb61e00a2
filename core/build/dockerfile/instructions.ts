import type { ArgumentForm } from "./forms.ts";
import type { Instruction } from "./instruction.ts";
import { add } from "./instructions/add.ts";
import { arg } from "./instructions/arg.ts";
import { cmd } from "./instructions/cmd.ts";
import { copy } from "./instructions/copy.ts";
import { entrypoint } from "./instructions/entrypoint.ts";
import { env } from "./instructions/env.ts";
import { expose } from "./instructions/expose.ts";
import { from } from "./instructions/from.ts";
import { healthcheck } from "./instructions/healthcheck.ts";
import { label } from "./instructions/label.ts";
import { maintainer } from "./instructions/maintainer.ts";
import { onbuild } from "./instructions/onbuild.ts";
import { run } from "./instructions/run.ts";
import { shell } from "./instructions/shell.ts";
import { stopsignal } from "./instructions/stopsignal.ts";
import { user } from "./instructions/user.ts";
import { volume } from "./instructions/volume.ts";
import { workdir } from "./instructions/workdir.ts";

/** Every instruction there is. */
export const instructions: readonly Instruction[] = [
  add,
  arg,
  cmd,
  copy,
  entrypoint,
  env,
  expose,
  from,
  healthcheck,
  label,
  maintainer,
  onbuild,
  run,
  shell,
  stopsignal,
  user,
  volume,
  workdir,
];

const byKeyword = new Map(
  instructions.map((instruction) => [instruction.keyword.toLowerCase(), instruction]),
);

export const instructionOf = (keyword: string): Instruction | undefined =>
  byKeyword.get(keyword.toLowerCase());

/** How the arguments of `keyword` are split; those of an unknown instruction are not looked at. */
export const formOf = (keyword: string): ArgumentForm =>
  instructionOf(keyword)?.form ?? (() => ({ args: [], json: false }));
