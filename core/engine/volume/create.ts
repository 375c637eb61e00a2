import { restrictedNameChars } from "../../containers/names.ts";
import { conflict, invalidParameter, notFound } from "../../errors/errors.ts";
import { randomId } from "../../platform/random.ts";
import { sortedMap } from "../../oci/json.ts";
import { formatTimeSeconds } from "../../platform/time.ts";
import { anonymousLabel, type VolumeRecord } from "../../volumes/store.ts";
import type { Engine, Operation } from "../engine.ts";

/** What docker volume create asks for. */
export interface VolumeRequest {
  /** "": one is drawn. */
  name: string;
  driver: string;
  labels: Record<string, string> | null;
  options: Record<string, string> | null;
}

/** Makes a volume, or gives the one of that name. Throws conflict where that one has another driver. */
export async function volumeCreate(
  engine: Engine,
  operation: Operation,
  request: VolumeRequest,
): Promise<VolumeRecord> {
  if (request.name !== "") return ensureVolume(engine, operation, request);
  const labels = { ...request.labels, [anonymousLabel]: "" };
  return ensureVolume(engine, operation, { ...request, name: randomId(engine.random), labels });
}

/** As volumeCreate, for a name that is there. */
export function ensureVolume(
  engine: Engine,
  operation: Operation,
  request: VolumeRequest,
): Promise<VolumeRecord> {
  const { name, driver } = request;
  return engine.volumes.lock.run(async () => {
    const before = engine.volumes.get(name);
    if (before) {
      if (driver !== "" && driver !== before.driver)
        throw conflict(
          `conflict: volume name must be unique: a volume named ${JSON.stringify(name)} already exists with the ${JSON.stringify(before.driver)} driver`,
        );
      return before;
    }
    if (driver !== "" && driver !== engine.volumeDriver.name)
      throw notFound(
        `create ${name}: error looking up volume plugin ${driver}: plugin ${JSON.stringify(driver)} not found`,
      );
    checkName(name);
    checkOptions(name, request.options ?? {});
    return operation.trace.step("engine", "volume create", { volume: name }, async (trace) => {
      const options = request.options ?? {};
      const { mountpoint } = await engine.volumeDriver.create(name, options, trace);
      const volume: VolumeRecord = {
        name,
        driver: engine.volumeDriver.name,
        created: formatTimeSeconds(engine.clock.now()),
        mountpoint,
        labels: request.labels && Object.keys(request.labels).length > 0 ? request.labels : null,
        options: Object.keys(options).length > 0 ? sortedMap(options) : null,
      };
      engine.volumes.add(volume);
      engine.events.publish("volume", "create", name, { driver: volume.driver });
      return volume;
    });
  });
}

function checkName(name: string): void {
  if (name.length === 1)
    throw invalidParameter(
      `create ${name}: volume name is too short, names should be at least two alphanumeric characters`,
    );
  if (!/^[a-zA-Z0-9][a-zA-Z0-9_.-]+$/.test(name))
    throw invalidParameter(
      `create ${name}: ${JSON.stringify(name)} includes invalid characters for a local volume name, only ${JSON.stringify(restrictedNameChars)} are allowed. If you intended to pass a host directory, use absolute path`,
    );
}

const knownOptions = ["type", "o", "device", "size"];

function checkOptions(name: string, options: Record<string, string>): void {
  for (const option of Object.keys(options))
    if (!knownOptions.includes(option))
      throw invalidParameter(`create ${name}: invalid option: ${JSON.stringify(option)}`);
  if ((options.o !== undefined || options.type !== undefined) && options.device === undefined)
    throw invalidParameter(`create ${name}: missing required option: "device"`);
}
