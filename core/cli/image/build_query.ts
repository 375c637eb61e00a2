import type { Query } from "../../client/address.ts";
import type { Cli } from "../cli.ts";
import type { FlagValues } from "../flags.ts";
import { byKey, keyValues } from "../key_values.ts";
import type { buildFlags } from "./build.ts";

const some = (number: number) => number || undefined;
const json = (value: object, empty: boolean) => (empty ? undefined : JSON.stringify(value));
const truth = (value: boolean) => (value ? "1" : undefined);

/** What POST /build is asked for; `dockerfile` is its path in the context, `host` the engine's. */
export function buildQuery(
  cli: Cli,
  flags: FlagValues<typeof buildFlags>,
  dockerfile: string,
  host: string,
): Query {
  const buildArgs = buildArgsOf(cli, flags["build-arg"], host);
  const labels = byKey(keyValues(flags.label));
  const { network } = flags;
  const isolation = flags.isolation.toLowerCase() === "default" ? "" : flags.isolation;
  return {
    t: flags.tag.length ? flags.tag : undefined,
    securityopt: flags["security-opt"].length ? flags["security-opt"] : undefined,
    extrahosts: flags["add-host"].length ? flags["add-host"] : undefined,
    q: truth(flags.quiet),
    nocache: truth(flags["no-cache"]),
    rm: flags.rm ? undefined : "0",
    forcerm: truth(flags["force-rm"]),
    pull: truth(flags.pull),
    squash: truth(flags.squash),
    isolation: isolation || undefined,
    cpusetcpus: flags["cpuset-cpus"] || undefined,
    networkmode: network && network !== "default" ? network : undefined,
    cpusetmems: flags["cpuset-mems"] || undefined,
    cpushares: some(flags["cpu-shares"]),
    cpuquota: some(flags["cpu-quota"]),
    cpuperiod: some(flags["cpu-period"]),
    memory: some(flags.memory),
    memswap: some(flags["memory-swap"]),
    cgroupparent: flags["cgroup-parent"] || undefined,
    shmsize: some(flags["shm-size"]),
    dockerfile: dockerfile || undefined,
    target: flags.target || undefined,
    ulimits: json(flags.ulimit, flags.ulimit.length === 0),
    buildargs: json(buildArgs, Object.keys(buildArgs).length === 0),
    labels: json(labels, Object.keys(labels).length === 0),
    cachefrom: json(flags["cache-from"], flags["cache-from"].length === 0),
    platform: (flags.platform || cli.console.env["DOCKER_DEFAULT_PLATFORM"] || "").toLowerCase() || undefined,
    version: "1",
  };
}

const proxies: Record<string, string> = {
  HTTP_PROXY: "httpProxy",
  HTTPS_PROXY: "httpsProxy",
  NO_PROXY: "noProxy",
  FTP_PROXY: "ftpProxy",
  ALL_PROXY: "allProxy",
};

/** The variables of a build: a name alone takes the environment's value, null where it has none; proxies are config.json's. */
function buildArgsOf(cli: Cli, given: readonly string[], host: string): Record<string, string | null> {
  const args: Record<string, string | null> = {};
  for (const text of given) {
    const equals = text.indexOf("=");
    if (equals < 0) args[text] = cli.console.env[text] ?? null;
    else args[text.slice(0, equals)] = text.slice(equals + 1);
  }
  const configured = cli.config.proxies?.[host] ?? cli.config.proxies?.["default"] ?? {};
  for (const [name, field] of Object.entries(proxies)) {
    const value = configured[field];
    if (!value) continue;
    for (const spelled of [name, name.toLowerCase()]) if (!(spelled in args)) args[spelled] = value;
  }
  return byKey(args);
}
