import type { MountPoint } from "../../../containers/record.ts";
import { systemError } from "../../../errors/errors.ts";
import { cleanPath, destinationFault } from "./validate.ts";

const modes: Readonly<Record<string, string>> = {
  ro: "access",
  rw: "access",
  z: "label",
  Z: "label",
  nocopy: "copy",
  private: "propagation",
  rprivate: "propagation",
  slave: "propagation",
  rslave: "propagation",
  shared: "propagation",
  rshared: "propagation",
  cached: "consistency",
  delegated: "consistency",
  consistent: "consistency",
};

/**
 * Reads a -v: "/host:/there:ro", "name:/there", "/there". `anonymousName` draws the name of a volume that has none.
 * Throws (Docker answers with status 500) "invalid volume specification: 'x'" and "invalid mode: x".
 */
export function parseBind(spec: string, volumeDriver: string): MountPoint {
  const invalid = (why = "") =>
    systemError(`invalid volume specification: '${spec}'${why === "" ? "" : `: ${why}`}`);
  const parts = spec.split(":");
  if (parts.length > 3 || parts[0] === "") throw invalid();
  const [source, written, mode] =
    parts.length === 1 ? ["", parts[0]!, ""] : [parts[0]!, parts[1]!, parts.length === 3 ? parts[2]! : ""];
  if (written === "") throw invalid();
  const options = mode === "" ? [] : mode.split(",");
  const kinds = options.map((option) => modes[option]);
  if (kinds.includes(undefined) || new Set(kinds).size < kinds.length)
    throw systemError(`invalid mode: ${mode}`);
  const bind = source.startsWith("/");
  const type = bind ? "bind" : "volume";
  if (bind ? kinds.includes("copy") : kinds.includes("propagation"))
    throw invalid(
      `invalid mount config for type "${type}": field ${bind ? "VolumeOptions" : "BindOptions"} must not be specified`,
    );
  const fault = destinationFault(written);
  if (fault) throw invalid(`invalid mount config for type "${type}": ${fault}`);
  const rw = !options.includes("ro");
  const destination = cleanPath(written);
  if (bind) {
    const propagation = options.find((option) => modes[option] === "propagation") ?? "rprivate";
    return {
      type: "bind",
      source: cleanPath(source),
      destination,
      mode,
      rw,
      propagation,
      createSource: true,
    };
  }
  return {
    type: "volume",
    name: source,
    source: "",
    destination,
    driver: volumeDriver,
    // Docker relabels volumes for SELinux, and says so in the mode.
    mode: mode === "" ? "z" : mode,
    rw,
    propagation: "",
    copyData: !options.includes("nocopy"),
  };
}
