import type { Container } from "../../containers/container.ts";

const firstDelay = 100;
const longestDelay = 60_000;
/** A container that ran longer than this is thought to have got on well: the pauses begin anew. */
const longEnough = 10_000_000_000n;

/**
 * How many milliseconds from now a container is to be started again, or undefined when it stays down. The pause doubles
 * each time, from 100 ms to a minute, so that a broken container does not keep the host busy.
 */
export function nextRestart(container: Container, exitCode: number, ranFor: bigint): number | undefined {
  const { record } = container;
  const { Name = "no", MaximumRetryCount = 0 } = record.hostConfig.RestartPolicy ?? {};
  if (record.stoppedByHand || record.state.removing) return undefined;
  const again =
    Name === "always" ||
    Name === "unless-stopped" ||
    (Name === "on-failure" &&
      exitCode !== 0 &&
      (MaximumRetryCount === 0 || record.restartCount < MaximumRetryCount));
  if (!again) return undefined;
  const previous = ranFor >= longEnough ? 0 : container.restartDelay;
  container.restartDelay = previous === 0 ? firstDelay : Math.min(previous * 2, longestDelay);
  return container.restartDelay;
}
