import type { BuildOptions } from "../../build/options.ts";
import { goQuote } from "../../build/gotext.ts";
import { invalidParameter, systemError } from "../../errors/errors.ts";
import { decodeBase64, type RegistryAuth } from "../../distribution/credentials.ts";
import { text } from "../../platform/bytes.ts";
import type { Query } from "../query.ts";
import { atLeast } from "../version.ts";

/** The parameters of POST /build. Throws invalidParameter with Docker's texts. */
export function buildOptions(query: Query, version: string): BuildOptions {
  if (query.has("securityopt")) throw invalidParameter("security options are not supported on linux");
  const isolation = query.get("isolation").toLowerCase();
  if (!["", "default"].includes(isolation))
    throw invalidParameter(`unsupported isolation: ${goQuote(isolation)}`);
  const builder = query.get("version");
  if (builder !== "" && builder !== "1" && builder !== "2")
    throw invalidParameter(`invalid version ${goQuote(builder)}`);
  if (builder === "2")
    throw invalidParameter(
      "BuildKit is not there yet. Set DOCKER_BUILDKIT=0 to build with the classic builder",
    );
  const number = (name: string) => {
    const value = query.get(name);
    return /^[-+]?\d+$/.test(value) ? Number(value) : 0;
  };
  return {
    dockerfile: query.get("dockerfile"),
    tags: query.all("t"),
    remote: query.get("remote"),
    target: query.get("target"),
    buildArgs: object<string | null>(query, "buildargs", "error reading build args"),
    labels: object<string>(query, "labels", "error reading labels"),
    noCache: query.bool("nocache"),
    cacheFrom: list<string>(query, "cachefrom", "error reading cache-from"),
    pull: query.bool("pull"),
    remove: query.bool("forcerm") || query.get("rm") === "" || query.bool("rm"),
    forceRemove: query.bool("forcerm"),
    platform: atLeast(version, "1.32") ? query.get("platform") : "",
    host: {
      memory: number("memory"),
      memorySwap: number("memswap"),
      cpuShares: number("cpushares"),
      cpuPeriod: number("cpuperiod"),
      cpuQuota: number("cpuquota"),
      cpusetCpus: query.get("cpusetcpus"),
      cpusetMems: query.get("cpusetmems"),
      cgroupParent: query.get("cgroupparent"),
      shmSize: shmSize(query.get("shmsize")),
      ulimits: list(query, "ulimits", "error reading ulimit settings"),
      extraHosts: query.all("extrahosts"),
      networkMode: query.get("networkmode"),
    },
  };
}

/** The credentials of X-Registry-Config, by registry; a header that cannot be read counts as none. */
export function registryConfig(header: string | undefined): Record<string, RegistryAuth> {
  if (!header) return {};
  try {
    const parsed: unknown = JSON.parse(text(decodeBase64(header)));
    return typeof parsed === "object" && parsed !== null ? (parsed as Record<string, RegistryAuth>) : {};
  } catch {
    return {};
  }
}

function shmSize(value: string): number {
  if (value === "") return 0;
  if (!/^[-+]?\d+$/.test(value))
    throw systemError(`strconv.ParseInt: parsing ${goQuote(value)}: invalid syntax`);
  return Number(value);
}

function parsed(query: Query, name: string, failure: string): unknown {
  const value = query.get(name);
  if (value === "") return undefined;
  try {
    return JSON.parse(value) as unknown;
  } catch {
    const reason =
      value.trim() === "" || /^[[{"]/.test(value.trim())
        ? "unexpected end of JSON input"
        : `invalid character '${[...value.trim()][0]}' looking for beginning of value`;
    throw invalidParameter(`${failure}: ${reason}`);
  }
}

function object<T extends string | null>(query: Query, name: string, failure: string): Record<string, T> {
  const value = parsed(query, name, failure) ?? {};
  const wrong = (what: string) =>
    invalidParameter(`${failure}: json: cannot unmarshal ${what} into Go value of type map[string]string`);
  if (typeof value !== "object" || Array.isArray(value))
    throw wrong(Array.isArray(value) ? "array" : typeof value);
  for (const item of Object.values(value))
    if (item !== null && typeof item !== "string") throw wrong(typeof item);
  return value as Record<string, T>;
}

function list<T>(query: Query, name: string, failure: string): T[] {
  const value = parsed(query, name, failure) ?? [];
  if (!Array.isArray(value))
    throw invalidParameter(
      `${failure}: json: cannot unmarshal ${typeof value} into Go value of type []string`,
    );
  return value as T[];
}
