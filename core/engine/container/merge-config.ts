import type { ContainerConfig } from "../../oci/image.ts";

/** What a container runs: what was asked, filled up from its image as docker run does. */
export function mergeConfig(asked: ContainerConfig, image: ContainerConfig): ContainerConfig {
  const config = { ...asked };
  if (!config.User) config.User = image.User;
  config.ExposedPorts = union(asked.ExposedPorts, image.ExposedPorts);
  config.Volumes =
    Object.keys(asked.Volumes ?? {}).length > 0 ? union(asked.Volumes, image.Volumes) : image.Volumes;
  config.Labels = union(asked.Labels, image.Labels);
  const defined = new Set((asked.Env ?? []).map(variableName));
  const env = [
    ...(asked.Env ?? []),
    ...(image.Env ?? []).filter((variable) => !defined.has(variableName(variable))),
  ];
  config.Env = env.length > 0 ? env : asked.Env;
  if (!asked.Entrypoint?.length) {
    if (!asked.Cmd?.length) {
      config.Cmd = image.Cmd;
      if (image.ArgsEscaped) config.ArgsEscaped = true;
    }
    config.Entrypoint = asked.Entrypoint ?? image.Entrypoint;
  }
  // --entrypoint "" is sent as [""] and means: none.
  if (config.Entrypoint?.length === 1 && config.Entrypoint[0] === "") config.Entrypoint = null;
  config.Healthcheck = mergeHealthcheck(asked, image);
  if (!config.WorkingDir) config.WorkingDir = image.WorkingDir;
  if (!config.StopSignal) config.StopSignal = image.StopSignal;
  if (!config.Shell?.length) config.Shell = image.Shell;
  if (config.OnBuild === undefined) config.OnBuild = null;
  return prune(config);
}

function mergeHealthcheck(asked: ContainerConfig, image: ContainerConfig): ContainerConfig["Healthcheck"] {
  const own = asked.Healthcheck;
  const other = image.Healthcheck;
  if (!other) return own;
  if (!own) return { ...other };
  return {
    Test: own.Test?.length ? own.Test : other.Test,
    Interval: own.Interval || other.Interval,
    Timeout: own.Timeout || other.Timeout,
    StartPeriod: own.StartPeriod || other.StartPeriod,
    StartInterval: own.StartInterval || other.StartInterval,
    Retries: own.Retries || other.Retries,
  };
}

function union<T>(
  one: Record<string, T> | null | undefined,
  other: Record<string, T> | null | undefined,
): Record<string, T> | undefined {
  if (!one && !other) return undefined;
  const both = { ...other, ...one };
  return Object.keys(both).length > 0 || one ? both : undefined;
}

function variableName(variable: string): string {
  return variable.split("=")[0]!;
}

/** Without the fields that are not set, so that records stay small. */
function prune(config: ContainerConfig): ContainerConfig {
  return Object.fromEntries(
    Object.entries(config).filter(
      ([, value]) => value !== undefined && value !== null && value !== "" && value !== false,
    ),
  ) as ContainerConfig;
}
