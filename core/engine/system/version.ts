import type { Engine } from "../engine.ts";

/** What docker version shows of the engine. */
export function systemVersion({ settings }: Engine): Record<string, unknown> {
  const built = "2025-10-08T12:17:26.000000000+00:00";
  const engine = {
    GitCommit: "89c5e8f",
    GoVersion: "go1.24.8",
    Os: settings.osType,
    Arch: settings.goArch,
    KernelVersion: settings.kernelVersion,
  };
  return {
    Platform: { Name: "" },
    Components: [
      {
        Name: "Engine",
        Version: settings.version,
        Details: {
          ApiVersion: "1.51",
          Arch: engine.Arch,
          BuildTime: built,
          Experimental: "false",
          GitCommit: engine.GitCommit,
          GoVersion: engine.GoVersion,
          KernelVersion: engine.KernelVersion,
          MinAPIVersion: "1.24",
          Os: engine.Os,
        },
      },
      { Name: "containerd", Version: "2.1.4", Details: { GitCommit: "" } },
      { Name: "runc", Version: "1.3.2", Details: { GitCommit: "" } },
      { Name: "docker-init", Version: "0.19.0", Details: { GitCommit: "" } },
    ],
    Version: settings.version,
    ApiVersion: "1.51",
    MinAPIVersion: "1.24",
    ...engine,
    BuildTime: built,
  };
}
