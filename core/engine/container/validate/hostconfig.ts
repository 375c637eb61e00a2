import type { HostConfig, PortMap } from "../../../containers/hostconfig.ts";
import { invalidParameter, systemError } from "../../../errors/errors.ts";
import { validateLogging } from "../../../logs/options.ts";
import { parseAddress } from "../../../networks/address.ts";
import type { ContainerConfig } from "../../../oci/image.ts";
import { validateMountRequest } from "../mounts/validate.ts";
import type { Engine } from "../../engine.ts";
import { unknownCapability } from "../capabilities.ts";
import { validateModes } from "./modes.ts";
import { validateResources } from "./resources.ts";

/**
 * Checks how a container is to meet its host, in Docker's order. Returns warnings for the one who asked.
 * Throws invalidParameter (and for mounts' sources too) with Docker's texts.
 */
export async function validateHostConfig(
  engine: Engine,
  host: HostConfig,
  config: ContainerConfig,
): Promise<string[]> {
  validateModes(host, config);
  if ((host.ShmSize ?? 0) < 0) throw invalidParameter("SHM size can not be less than 0");
  if (host.AutoRemove && !["", "no"].includes(host.RestartPolicy?.Name ?? ""))
    throw invalidParameter("can't create 'AutoRemove' container with restart policy");
  for (const mount of host.Mounts ?? []) await validateMountRequest(engine.hostPaths, mount);
  for (const extraHost of host.ExtraHosts ?? []) validateExtraHost(extraHost);
  validatePortBindings(host.PortBindings ?? {});
  validateRestartPolicy(host.RestartPolicy ?? {});
  for (const field of ["CapAdd", "CapDrop"] as const) {
    const unknown = unknownCapability(host[field] ?? []);
    if (unknown) throw invalidParameter(`invalid ${field}: unknown capability: ${JSON.stringify(unknown)}`);
  }
  if (!["", "default"].includes((host.Isolation ?? "").toLowerCase()))
    throw invalidParameter(`invalid isolation (${host.Isolation}): linux only supports 'default'`);
  if (Object.hasOwn(host.Annotations ?? {}, ""))
    throw invalidParameter("invalid Annotations: the empty string is not permitted as an annotation key");
  const warnings = validateResources(host, engine.settings);
  const { OomScoreAdj = 0 } = host;
  if (OomScoreAdj < -1000 || OomScoreAdj > 1000)
    throw invalidParameter(`Invalid value ${OomScoreAdj}, range for oom score adj is [-1000, 1000]`);
  if (host.NetworkMode === "host" && Object.keys(host.PortBindings ?? {}).length > 0)
    warnings.push("Published ports are discarded when using host network mode");
  if (host.Runtime && !engine.settings.runtimes.includes(host.Runtime))
    throw invalidParameter(`unknown or invalid runtime name: ${host.Runtime}`);
  for (const destination of Object.keys(host.Tmpfs ?? {})) validateTmpfs(destination);
  if (!["", "host", "private"].includes(host.CgroupnsMode ?? ""))
    throw invalidParameter(`invalid cgroup namespace mode: ${host.CgroupnsMode}`);
  const { Type, Config = {} } = host.LogConfig ?? {};
  if (Type || Object.keys(Config).length > 0) validateLogging(Type || engine.settings.logDriver, Config);
  for (const option of host.SecurityOpt ?? []) validateSecurityOption(option);
  if (host.StorageOpt && Object.keys(host.StorageOpt).length > 0)
    throw systemError("--storage-opt is supported only for overlay over xfs with 'pquota' mount option");
  return warnings;
}

/** "seccomp=unconfined", "no-new-privileges" … Docker answers the rest with status 500. */
function validateSecurityOption(option: string): void {
  if (option === "no-new-privileges" || option === "disable") return;
  const parts = /^([^=:]+)[=:](.*)$/.exec(option);
  if (!parts) throw systemError(`invalid --security-opt 1: ${JSON.stringify(option)}`);
  const [, name = "", value = ""] = parts;
  const known = ["label", "apparmor", "seccomp", "writable-cgroups"].includes(name);
  const flag = name === "no-new-privileges" && /^(1|t|T|TRUE|true|True|0|f|F|FALSE|false|False)$/.test(value);
  if (!known && !flag) throw systemError(`invalid --security-opt 2: ${JSON.stringify(option)}`);
}

/** Throws invalidParameter where a policy is unknown or its count makes no sense. */
export function validateRestartPolicy({
  Name = "",
  MaximumRetryCount = 0,
}: {
  Name?: string;
  MaximumRetryCount?: number;
}): void {
  if (["always", "unless-stopped", "no", ""].includes(Name)) {
    if (MaximumRetryCount === 0) return;
    const negative = MaximumRetryCount < 0 ? " and cannot be negative" : "";
    throw invalidParameter(
      `invalid restart policy: maximum retry count can only be used with 'on-failure'${negative}`,
    );
  }
  if (Name === "on-failure") {
    if (MaximumRetryCount < 0)
      throw invalidParameter("invalid restart policy: maximum retry count cannot be negative");
  } else
    throw invalidParameter(
      `invalid restart policy: unknown policy '${Name}'; use one of 'no', 'always', 'on-failure', or 'unless-stopped'`,
    );
}

function validateExtraHost(extraHost: string): void {
  const colon = extraHost.indexOf(":");
  if (colon < 1) throw invalidParameter(`bad format for add-host: ${JSON.stringify(extraHost)}`);
  const address = extraHost.slice(colon + 1);
  if (address !== "host-gateway" && !parseAddress(address))
    throw invalidParameter(`invalid IP address in add-host: ${JSON.stringify(address)}`);
}

const portPattern = /^\d{1,5}(-\d{1,5})?$/;

/** True for "80" and "8000-8010" within 0 to 65535. */
function isPortRange(text: string): boolean {
  return portPattern.test(text) && text.split("-").every((port) => Number(port) <= 65535);
}

function validatePortBindings(bindings: PortMap): void {
  for (const [port, list] of Object.entries(bindings)) {
    const [number = ""] = port.split("/");
    if (!isPortRange(number)) throw invalidParameter(`invalid port specification: ${JSON.stringify(number)}`);
    for (const { HostPort } of list ?? [])
      if (HostPort && !isPortRange(HostPort))
        throw invalidParameter(`invalid port specification: ${JSON.stringify(HostPort)}`);
  }
}

function validateTmpfs(destination: string): void {
  if (!destination.startsWith("/"))
    throw invalidParameter(`invalid mount path: '${destination}' mount path must be absolute`);
  if (destination.replace(/\/+$/, "") === "")
    throw invalidParameter("invalid specification: destination can't be '/'");
}
