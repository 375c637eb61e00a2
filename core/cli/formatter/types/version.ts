import { bool, json, map, omitempty, pointer, slice, string, struct } from "../../template/gotype.ts";

const platformInfo = struct("system.platformInfo", { Name: omitempty(string) });

/** What the client says of itself. */
export const clientVersion = struct("system.clientVersion", {
  Platform: omitempty(pointer(platformInfo)),
  Version: omitempty(string),
  APIVersion: omitempty(string, "ApiVersion"),
  DefaultAPIVersion: omitempty(string),
  GitCommit: string,
  GoVersion: omitempty(string),
  Os: omitempty(string),
  Arch: omitempty(string),
  BuildTime: omitempty(string),
  Context: string,
});

const componentVersion = struct("types.ComponentVersion", {
  Name: string,
  Version: string,
  Details: omitempty(map(string, string)),
});

const serverVersion = struct("types.Version", {
  Platform: omitempty(struct("struct { Name string }", { Name: string })),
  Components: omitempty(slice(componentVersion)),
  Version: string,
  APIVersion: json("ApiVersion", string),
  MinAPIVersion: omitempty(string),
  GitCommit: string,
  GoVersion: string,
  Os: string,
  Arch: string,
  KernelVersion: omitempty(string),
  Experimental: omitempty(bool),
  BuildTime: omitempty(string),
});

/** What `docker version --format` is executed on: the client and, when it answered, the engine. */
export const versionInfo = struct("system.versionInfo", {
  Client: clientVersion,
  Server: pointer(serverVersion),
});
