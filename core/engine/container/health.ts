import type { Container } from "../../containers/container.ts";
import type { HealthName } from "../../containers/state.ts";
import { Cancellation, Cancelled } from "../../platform/cancellation.ts";
import { concat, text, type ByteSink } from "../../platform/bytes.ts";
import { formatTime } from "../../platform/time.ts";
import type { HealthConfig } from "../../oci/image.ts";
import type { Engine, Operation } from "../engine.ts";
import { createExec } from "../exec/create.ts";
import { startProcess } from "../exec/start.ts";
import { containerEvent } from "./events.ts";

const millisecond = 1_000_000;
const defaults = { interval: 30_000, timeout: 30_000, startInterval: 5_000, retries: 3 };
/** What is kept of a check's output. */
const longestOutput = 4096;
const keptResults = 5;

/** Begins to check a container's health, if it says how; ends with its `background`. */
export function startHealthChecks(engine: Engine, container: Container): void {
  const health = container.record.config.Healthcheck;
  const test = health?.Test ?? [];
  if (!health || test.length === 0 || test[0] === "NONE") return;
  container.record.state.health = { status: "starting", failingStreak: 0, log: [] };
  if (!["CMD", "CMD-SHELL"].includes(test[0]!)) return;
  void monitor(engine, container, health, container.background);
}

async function monitor(
  engine: Engine,
  container: Container,
  config: HealthConfig,
  cancellation: Cancellation,
): Promise<void> {
  const startedAt = engine.clock.now();
  const milliseconds = (nanoseconds: number | undefined, otherwise: number) =>
    nanoseconds ? nanoseconds / millisecond : otherwise;
  const startPeriod = BigInt(config.StartPeriod ?? 0);
  try {
    for (;;) {
      const starting =
        container.record.state.health?.status === "starting" && engine.clock.now() - startedAt < startPeriod;
      const pause = starting
        ? milliseconds(config.StartInterval, defaults.startInterval)
        : milliseconds(config.Interval, defaults.interval);
      await engine.clock.sleep(pause, cancellation);
      if (container.record.state.paused) continue;
      await check(engine, container, config, startedAt + startPeriod, cancellation);
    }
  } catch (error) {
    if (!(error instanceof Cancelled)) throw error;
  }
}

async function check(
  engine: Engine,
  container: Container,
  config: HealthConfig,
  startPeriodEnds: bigint,
  cancellation: Cancellation,
): Promise<void> {
  const start = engine.clock.now();
  const timeout = config.Timeout ? config.Timeout / millisecond : defaults.timeout;
  const { exitCode, output } = await probe(engine, container, config, timeout, cancellation);
  cancellation.throwIfCancelled();
  const health = container.record.state.health;
  if (!health) return;
  const end = engine.clock.now();
  health.log.push({ Start: formatTime(start), End: formatTime(end), ExitCode: exitCode, Output: output });
  health.log.splice(0, health.log.length - keptResults);
  const before = health.status;
  if (exitCode === 0) {
    health.failingStreak = 0;
    health.status = "healthy";
  } else if (!(health.status === "starting" && end < startPeriodEnds)) {
    health.failingStreak++;
    if (health.failingStreak >= (config.Retries || defaults.retries)) health.status = "unhealthy";
  }
  engine.containers.save(container);
  if (health.status !== before)
    containerEvent(engine, container, `health_status: ${health.status satisfies HealthName}`);
}

/** Runs the check once. Status -1 is one that took too long or could not be run. */
async function probe(
  engine: Engine,
  container: Container,
  config: HealthConfig,
  timeout: number,
  cancellation: Cancellation,
): Promise<{ exitCode: number; output: string }> {
  const [kind, ...words] = config.Test!;
  const shell = container.record.config.Shell ?? ["/bin/sh", "-c"];
  const Cmd = kind === "CMD" ? words : [...shell, words[0] ?? ""];
  const operation: Operation = { trace: engine.steps.root(), cancellation };
  const chunks: Uint8Array[] = [];
  let length = 0;
  const collect: ByteSink = {
    write: async (bytes) => {
      if (length <= longestOutput) chunks.push(bytes.slice());
      length += bytes.length;
    },
    close: () => {},
    abort: () => {},
  };
  const exec = createExec(engine, container, { Cmd, AttachStdout: true, AttachStderr: true });
  exec.streams.tap("stdout", collect);
  exec.streams.tap("stderr", collect);
  try {
    const process = await startProcess(engine, operation, exec, undefined);
    const limit = new Cancellation();
    const undo = cancellation.onCancel(() => limit.cancel());
    const late = engine.clock.sleep(timeout, limit).then(
      () => true,
      () => false,
    );
    const ended = process.wait().then(() => false);
    const timedOut = await Promise.race([late, ended]);
    undo();
    limit.cancel();
    if (timedOut) {
      await process.kill("SIGKILL").catch(() => {});
      const span = timeout >= 1000 ? `${timeout / 1000}s` : `${timeout}ms`;
      return { exitCode: -1, output: `Health check exceeded timeout (${span})` };
    }
    const { status } = await process.wait();
    const output = text(concat(chunks));
    return {
      exitCode: status,
      output: output.length > longestOutput ? `${output.slice(0, longestOutput)}...` : output,
    };
  } catch (error) {
    if (error instanceof Cancelled) throw error;
    return { exitCode: -1, output: (error as Error).message };
  }
}
