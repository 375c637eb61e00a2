/** What an engine is told about its host and by its daemon.json. Sizes in bytes. */
export interface EngineSettings {
  /** docker info's Name. */
  hostname: string;
  /** docker info's ID. */
  daemonId: string;
  /** "28.5.2". */
  version: string;
  operatingSystem: string;
  kernelVersion: string;
  /** "linux" and "x86_64", GOARCH "amd64". */
  osType: string;
  architecture: string;
  goArch: string;
  cpus: number;
  memory: number;
  /** "/var/lib/docker". */
  dataRoot: string;
  cgroupVersion: "1" | "2";
  cgroupDriver: "cgroupfs" | "systemd";
  runtimes: string[];
  defaultRuntime: string;
  /** daemon.json. */
  insecureRegistries: string[];
  registryMirrors: string[];
  labels: string[];
  liveRestore: boolean;
  debug: boolean;
  logDriver: string;
  logOptions: Record<string, string>;
  defaultAddressPools: { base: string; size: number }[];
  /** The bridge network's subnet and gateway: "172.17.0.0/16", "172.17.0.1". */
  bridge: { subnet: string; gateway: string; interfaceName: string };
  dns: string[];
  /** Servers the embedded DNS asks for names it does not know. */
  upstreamDns: string[];
}
