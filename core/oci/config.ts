import { invalidParameter } from "../errors/errors.ts";
import { text, utf8 } from "../platform/bytes.ts";
import type { ContainerConfig, HistoryEntry, ImageConfig } from "./image.ts";
import { goJson, sortedMap } from "./json.ts";

/**
 * The bytes of an image's configuration as Docker writes it: fields by name at the top, in Docker's own order within,
 * so that the same configuration has the same digest.
 */
export function serialiseImageConfig(config: ImageConfig): Uint8Array {
  const { history, rootfs } = config;
  const written = {
    ...config,
    config: config.config && orderedContainerConfig(config.config),
    container_config: orderedContainerConfig(config.container_config ?? {}),
    history: history?.map(orderedHistory),
    rootfs: { type: rootfs.type, ...(rootfs.diff_ids.length > 0 ? { diff_ids: rootfs.diff_ids } : {}) },
  };
  for (const field of [
    "author",
    "comment",
    "container",
    "docker_version",
    "variant",
    "os.version",
  ] as const) {
    if (written[field] === "") delete written[field];
  }
  return utf8(goJson(sortedMap(written)));
}

/** A container's configuration with its fields in Docker's order, and those that Docker leaves out left out. */
export function orderedContainerConfig(config: ContainerConfig): ContainerConfig {
  return {
    Hostname: config.Hostname ?? "",
    Domainname: config.Domainname ?? "",
    User: config.User ?? "",
    AttachStdin: config.AttachStdin ?? false,
    AttachStdout: config.AttachStdout ?? false,
    AttachStderr: config.AttachStderr ?? false,
    ...(hasEntries(config.ExposedPorts) ? { ExposedPorts: sortedMap(config.ExposedPorts) } : {}),
    Tty: config.Tty ?? false,
    OpenStdin: config.OpenStdin ?? false,
    StdinOnce: config.StdinOnce ?? false,
    Env: config.Env ?? null,
    Cmd: config.Cmd ?? null,
    ...(config.Healthcheck ? { Healthcheck: config.Healthcheck } : {}),
    ...(config.ArgsEscaped ? { ArgsEscaped: true } : {}),
    Image: config.Image ?? "",
    Volumes: sortedMap(config.Volumes) ?? null,
    WorkingDir: config.WorkingDir ?? "",
    Entrypoint: config.Entrypoint ?? null,
    ...(config.NetworkDisabled ? { NetworkDisabled: true } : {}),
    ...(config.MacAddress ? { MacAddress: config.MacAddress } : {}),
    OnBuild: config.OnBuild ?? null,
    Labels: sortedMap(config.Labels) ?? null,
    ...(config.StopSignal ? { StopSignal: config.StopSignal } : {}),
    ...(config.StopTimeout === undefined ? {} : { StopTimeout: config.StopTimeout }),
    ...(config.Shell && config.Shell.length > 0 ? { Shell: config.Shell } : {}),
  };
}

function hasEntries(map: Record<string, object> | undefined): boolean {
  return map !== undefined && map !== null && Object.keys(map).length > 0;
}

function orderedHistory(entry: HistoryEntry): HistoryEntry {
  return {
    ...(entry.created ? { created: entry.created } : {}),
    ...(entry.created_by ? { created_by: entry.created_by } : {}),
    ...(entry.author ? { author: entry.author } : {}),
    ...(entry.comment ? { comment: entry.comment } : {}),
    ...(entry.empty_layer ? { empty_layer: true } : {}),
  };
}

/** Reads a configuration blob. Throws invalidParameter for what is none; unknown fields stay. */
export function parseImageConfig(bytes: Uint8Array): ImageConfig {
  let parsed: unknown;
  try {
    parsed = JSON.parse(text(bytes));
  } catch {
    throw invalidParameter("invalid image JSON, no valid JSON");
  }
  if (!isObject(parsed)) throw invalidParameter("invalid image JSON, no valid JSON");
  const { rootfs, config, history } = parsed;
  if (!isObject(rootfs)) throw invalidParameter("invalid image JSON, no RootFS key");
  const diffIds = rootfs.diff_ids ?? [];
  const wellFormed =
    Array.isArray(diffIds) &&
    diffIds.every((diffId) => typeof diffId === "string") &&
    (config === undefined || config === null || isObject(config)) &&
    (history === undefined || history === null || (Array.isArray(history) && history.every(isObject)));
  if (!wellFormed) throw invalidParameter("invalid image JSON, wrong type of a field");
  const { history: _, ...rest } = parsed;
  return {
    ...rest,
    architecture: typeof parsed.architecture === "string" ? parsed.architecture : "",
    os: typeof parsed.os === "string" ? parsed.os : "",
    rootfs: { type: "layers", diff_ids: diffIds as string[] },
    ...(history ? { history: history as HistoryEntry[] } : {}),
  } as ImageConfig;
}

export function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
