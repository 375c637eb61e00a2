import type { ContainerConfig, HealthConfig } from "../../oci/image.ts";

/**
 * Whether two steps are the same to the cache. Docker leaves out Image, Hostname, Domainname and MacAddress; null,
 * missing and empty are the same.
 */
export function sameStep(a: ContainerConfig, b: ContainerConfig): boolean {
  return (
    sameList(a.Cmd, b.Cmd) &&
    sameList(a.Env, b.Env) &&
    sameList(a.Entrypoint, b.Entrypoint) &&
    sameList(a.Shell, b.Shell) &&
    sameList(a.OnBuild, b.OnBuild) &&
    sameKeys(a.ExposedPorts, b.ExposedPorts) &&
    sameKeys(a.Volumes, b.Volumes) &&
    sameKeys(a.Labels, b.Labels) &&
    Object.entries(a.Labels ?? {}).every(([name, value]) => b.Labels?.[name] === value) &&
    FLAGS.every((flag) => (a[flag] ?? false) === (b[flag] ?? false)) &&
    TEXTS.every((text) => (a[text] ?? "") === (b[text] ?? "")) &&
    a.StopTimeout === b.StopTimeout &&
    sameHealth(a.Healthcheck, b.Healthcheck)
  );
}

const FLAGS = [
  "AttachStdin",
  "AttachStdout",
  "AttachStderr",
  "NetworkDisabled",
  "Tty",
  "OpenStdin",
  "StdinOnce",
  "ArgsEscaped",
] as const;
const TEXTS = ["User", "WorkingDir", "StopSignal"] as const;
const TIMES = ["Interval", "StartInterval", "StartPeriod", "Timeout", "Retries"] as const;

function sameList(a: readonly string[] | null | undefined, b: readonly string[] | null | undefined): boolean {
  const [left, right] = [a ?? [], b ?? []];
  return left.length === right.length && left.every((item, at) => item === right[at]);
}

function sameKeys(a: object | null | undefined, b: object | null | undefined): boolean {
  const [left, right] = [Object.keys(a ?? {}), b ?? {}];
  return left.length === Object.keys(right).length && left.every((key) => Object.hasOwn(right, key));
}

function sameHealth(a: HealthConfig | undefined, b: HealthConfig | undefined): boolean {
  if (!a || !b) return a === b;
  return sameList(a.Test, b.Test) && TIMES.every((time) => (a[time] ?? 0) === (b[time] ?? 0));
}
