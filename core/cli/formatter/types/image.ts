import {
  any,
  bool,
  embedded,
  int64,
  json,
  map,
  omitempty,
  pointer,
  slice,
  string,
  struct,
} from "../../template/gotype.ts";
import { containerConfig, healthConfig } from "./container.ts";
import { descriptor, driverData } from "./descriptor.ts";
import { time } from "./time.ts";

const nothing = struct("struct {}", {});

const imageConfig = struct("v1.ImageConfig", {
  User: omitempty(string),
  ExposedPorts: omitempty(map(string, nothing)),
  Env: omitempty(slice(string)),
  Entrypoint: omitempty(slice(string)),
  Cmd: omitempty(slice(string)),
  Volumes: omitempty(map(string, nothing)),
  WorkingDir: omitempty(string),
  Labels: omitempty(map(string, string)),
  StopSignal: omitempty(string),
  ArgsEscaped: omitempty(bool),
});

const configExtension = struct("v1.DockerOCIImageConfigExt", {
  Healthcheck: omitempty(pointer(healthConfig)),
  OnBuild: omitempty(slice(string)),
  Shell: omitempty(slice(string)),
});

const dockerImageConfig = struct("v1.DockerOCIImageConfig", {
  ImageConfig: embedded(imageConfig),
  DockerOCIImageConfigExt: embedded(configExtension),
});

const rootFs = struct("image.RootFS", { Type: omitempty(string), Layers: omitempty(slice(string)) });

/** What `docker image inspect` reads an image into. */
export const imageInspect = struct("image.InspectResponse", {
  ID: json("Id", string),
  RepoTags: slice(string),
  RepoDigests: slice(string),
  Parent: string,
  Comment: string,
  Created: omitempty(string),
  Container: omitempty(string),
  ContainerConfig: omitempty(pointer(containerConfig)),
  DockerVersion: string,
  Author: string,
  Config: pointer(dockerImageConfig),
  Architecture: string,
  Variant: omitempty(string),
  Os: string,
  OsVersion: omitempty(string),
  Size: int64,
  VirtualSize: omitempty(int64),
  GraphDriver: driverData,
  RootFS: rootFs,
  Metadata: struct("image.Metadata", { LastTagTime: omitempty(time) }),
  Descriptor: omitempty(pointer(descriptor)),
  Manifests: omitempty(slice(any)),
});
