import type { EngineSettings } from "../../engine/settings.ts";
import type { Kernel } from "../kernel/kernel.ts";
import type { HostDescription } from "./disk.ts";

/** What the engine of a simulated host is told: a freshly installed dockerd on it. */
export function simulatedSettings(kernel: Kernel, host: HostDescription, daemonId: string): EngineSettings {
  return {
    hostname: host.hostname,
    daemonId,
    version: "28.5.2",
    operatingSystem: host.prettyName,
    kernelVersion: kernel.release,
    osType: "linux",
    architecture: "x86_64",
    goArch: "amd64",
    cpus: kernel.processors,
    memory: kernel.memory,
    dataRoot: "/var/lib/docker",
    cgroupVersion: "2",
    cgroupDriver: "cgroupfs",
    runtimes: ["runc", "io.containerd.runc.v2"],
    defaultRuntime: "runc",
    insecureRegistries: ["127.0.0.0/8"],
    registryMirrors: [],
    labels: [],
    liveRestore: false,
    debug: false,
    logDriver: "json-file",
    logOptions: {},
    defaultAddressPools: [],
    bridge: { subnet: "172.17.0.0/16", gateway: "172.17.0.1", interfaceName: "docker0" },
    dns: [],
    upstreamDns: ["10.0.2.3"],
  };
}
