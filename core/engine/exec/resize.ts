import { conflict } from "../../errors/errors.ts";
import type { Engine } from "../engine.ts";
import { findExec } from "./start.ts";

/** Tells an exec's terminal its size. Throws conflict while it does not run. */
export async function execResize(
  engine: Engine,
  execId: string,
  height: number,
  width: number,
): Promise<void> {
  const exec = findExec(engine, execId);
  if (!exec.running || !exec.process) throw conflict(`exec process is not started`);
  await exec.process.resize({ width, height });
}
