import type { HostConfig } from "../../../containers/hostconfig.ts";
import { invalidParameter } from "../../../errors/errors.ts";
import type { ContainerConfig } from "../../../oci/image.ts";

/** Checks that the namespaces asked for are ones there are, and that they go together. Throws invalidParameter. */
export function validateModes(host: HostConfig, config: ContainerConfig): void {
  const conflicting = (what: string) => invalidParameter(`conflicting options: ${what}`);
  const network = host.NetworkMode ?? "";
  if (host.UTSMode === "host" && config.Hostname) throw conflicting("hostname and the UTS mode");
  if (network.startsWith("container:") || network === "container") {
    if (network === "container" || network === "container:")
      throw invalidParameter("invalid network mode: invalid container format container:<name|id>");
    if (config.Hostname) throw conflicting("hostname and the network mode");
    if (host.Links?.length)
      throw conflicting(
        "container type network can't be used with links. This would result in undefined behavior",
      );
    if (host.Dns?.length) throw conflicting("dns and the network mode");
    if (host.ExtraHosts?.length) throw conflicting("custom host-to-IP mapping and the network mode");
    if (config.MacAddress) throw conflicting("mac-address and the network mode");
    if (host.PublishAllPorts || Object.keys(host.PortBindings ?? {}).length > 0)
      throw conflicting("port publishing and the container type network mode");
    if (Object.keys(config.ExposedPorts ?? {}).length > 0)
      throw conflicting("port exposing and the container type network mode");
  }
  if (network === "host" && host.Links?.length)
    throw conflicting(
      "host type networking can't be used with links. This would result in undefined behavior",
    );
  const ipc = host.IpcMode ?? "";
  if (!["", "none", "private", "shareable", "host"].includes(ipc) && !ipc.startsWith("container:"))
    throw invalidParameter(`invalid IPC mode: ${ipc}`);
  const pid = host.PidMode ?? "";
  if (!["", "host"].includes(pid) && !/^container:./.test(pid))
    throw invalidParameter(`invalid PID mode: ${pid}`);
  if (!["", "host"].includes(host.UTSMode ?? "")) throw invalidParameter(`invalid UTS mode: ${host.UTSMode}`);
  if (host.IOMaximumIOps)
    throw invalidParameter("invalid option: QoS maximum IOPs configuration is not supported on linux");
  if (host.IOMaximumBandwidth)
    throw invalidParameter("invalid option: QoS maximum bandwidth configuration is not supported on linux");
  if (host.CpuRealtimePeriod || host.CpuRealtimeRuntime)
    throw invalidParameter("kernel does not support CPU real-time scheduler");
}
