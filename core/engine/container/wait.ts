import type { WaitCondition, WaitResult } from "../../containers/container.ts";
import { invalidParameter } from "../../errors/errors.ts";
import type { Engine, Operation } from "../engine.ts";

/** Waits for a container; the promise within settles when its time has come, so that the waiting can be answered first. */
export function containerWait(
  engine: Engine,
  operation: Operation,
  containerRef: string,
  condition: string,
): { result: Promise<WaitResult> } {
  const conditions: readonly WaitCondition[] = ["not-running", "next-exit", "removed"];
  const wanted = condition === "" ? "not-running" : conditions.find((known) => known === condition);
  if (!wanted) throw invalidParameter(`invalid condition: ${JSON.stringify(condition)}`);
  const container = engine.containers.resolve(containerRef);
  return { result: container.wait(wanted, operation.cancellation) };
}
