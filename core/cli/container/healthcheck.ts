import type { ConfigurationValues } from "./create_flags.ts";

/** The health check that --health-* and --no-healthcheck ask for; undefined leaves the image's. Durations are nanoseconds. */
export function healthcheckOf(flags: ConfigurationValues): Record<string, unknown> | undefined {
  const settings = {
    Interval: flags["health-interval"],
    Timeout: flags["health-timeout"],
    StartPeriod: flags["health-start-period"],
    StartInterval: flags["health-start-interval"],
    Retries: flags["health-retries"],
  };
  const wanted = flags["health-cmd"] !== "" || Object.values(settings).some((value) => value !== 0);
  if (flags["no-healthcheck"]) {
    if (wanted) throw new Error("--no-healthcheck conflicts with --health-* options");
    return { Test: ["NONE"] };
  }
  if (!wanted) return undefined;
  for (const name of ["interval", "timeout", "retries", "start-period", "start-interval"] as const)
    if (flags[`health-${name}`] < 0) throw new Error(`--health-${name} cannot be negative`);
  const test = flags["health-cmd"] ? { Test: ["CMD-SHELL", flags["health-cmd"]] } : {};
  return { ...test, ...Object.fromEntries(Object.entries(settings).filter(([, value]) => value !== 0)) };
}
