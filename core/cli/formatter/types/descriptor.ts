import { int64, json, map, named, omitempty, pointer, slice, string, struct } from "../../template/gotype.ts";

const digest = named("digest.Digest", string);

const platform = struct("v1.Platform", {
  Architecture: json("architecture", string),
  OS: json("os", string),
  OSVersion: omitempty(string, "os.version"),
  OSFeatures: omitempty(slice(string), "os.features"),
  Variant: omitempty(string, "variant"),
});

/** v1.Descriptor of the Open Container Initiative. */
export const descriptor = struct("v1.Descriptor", {
  MediaType: json("mediaType", string),
  Digest: json("digest", digest),
  Size: json("size", int64),
  URLs: omitempty(slice(string), "urls"),
  Annotations: omitempty(map(string, string), "annotations"),
  Data: omitempty(string, "data"),
  Platform: omitempty(pointer(platform), "platform"),
  ArtifactType: omitempty(string, "artifactType"),
});

/** What a storage driver says of itself. */
export const driverData = struct("storage.DriverData", { Data: map(string, string), Name: string });
