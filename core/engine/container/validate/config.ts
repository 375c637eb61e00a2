import { invalidParameter } from "../../../errors/errors.ts";
import type { ContainerConfig, HealthConfig } from "../../../oci/image.ts";
import { signalNumber } from "../signals.ts";

/** Checks what a container is to run. Throws invalidParameter with Docker's texts. */
export function validateConfig(config: ContainerConfig): void {
  const { WorkingDir, StopSignal } = config;
  if (WorkingDir && !WorkingDir.startsWith("/"))
    throw invalidParameter(
      `the working directory '${WorkingDir}' is invalid, it needs to be an absolute path`,
    );
  if (StopSignal) signalNumber(StopSignal);
  for (const variable of config.Env ?? [])
    if (variable === "" || variable.startsWith("="))
      throw invalidParameter(`invalid environment variable: ${variable}`);
  if (config.Healthcheck) validateHealthcheck(config.Healthcheck);
}

const millisecond = 1_000_000;

function validateHealthcheck(health: HealthConfig): void {
  const spans: [string, number | undefined][] = [
    ["Interval", health.Interval],
    ["Timeout", health.Timeout],
    ["StartPeriod", health.StartPeriod],
    ["StartInterval", health.StartInterval],
  ];
  for (const [name, span] of spans)
    if (span && span < millisecond) throw invalidParameter(`${name} in Healthcheck cannot be less than 1ms`);
  if ((health.Retries ?? 0) < 0) throw invalidParameter("Retries in Healthcheck cannot be negative");
}
