import { conflict } from "../../errors/errors.ts";
import type { Engine, Operation } from "../engine.ts";

/** Removes a volume that no container has. Throws notFound and conflict; with `force` a missing one is no error. */
export async function volumeRemove(
  engine: Engine,
  operation: Operation,
  name: string,
  force: boolean,
): Promise<void> {
  if (!engine.volumes.get(name)) {
    if (force) return;
    engine.volumes.resolve(name);
  }
  await removeVolume(engine, operation, name);
}

/** Removes a volume that is there. */
export function removeVolume(engine: Engine, operation: Operation, name: string): Promise<void> {
  return engine.volumes.lock.run(async () => {
    const volume = engine.volumes.resolve(name);
    const users = engine.volumes.users(name);
    if (users.length > 0)
      throw conflict(`remove ${name}: volume is in use - [${users.join(", ")}]`, {
        volume: name,
        containers: users,
      });
    await operation.trace.step("engine", "volume remove", { volume: name }, async (trace) => {
      await engine.volumeDriver.remove(name, trace);
      engine.volumes.delete(name);
      engine.events.publish("volume", "destroy", name, { driver: volume.driver });
    });
  });
}
