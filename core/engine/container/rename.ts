import { conflict, invalidParameter } from "../../errors/errors.ts";
import type { Engine, Operation } from "../engine.ts";
import { restrictedName, restrictedNameChars } from "../../containers/names.ts";
import { plainName } from "./create.ts";
import { containerEvent } from "./events.ts";

/** Gives a container another name, at once also in the DNS of its networks. Throws conflict for a name that is taken. */
export async function containerRename(
  engine: Engine,
  operation: Operation,
  containerRef: string,
  newName: string,
): Promise<void> {
  const container = engine.containers.resolve(containerRef);
  if (newName === "") throw invalidParameter("Neither old nor new names may be empty");
  const name = plainName(newName);
  await container.lock.run(async () => {
    const { record } = container;
    const oldName = record.name;
    if (name === oldName)
      throw invalidParameter("Renaming a container with the same name as its current name");
    if (!restrictedName.test(name))
      throw invalidParameter(
        `Error when allocating new name: Invalid container name (/${name}), only ${restrictedNameChars} are allowed`,
      );
    if (record.state.removing || container.removed) throw conflict("container is marked for removal");
    try {
      engine.containers.reserveName(name, record.id);
    } catch (error) {
      throw conflict(`Error when allocating new name: ${(error as Error).message}`);
    }
    engine.containers.releaseName(oldName, record.id);
    operation.trace.note("engine", "container rename", { container: record.id, from: oldName, to: name });
    record.name = name;
    for (const { networkId } of Object.values(record.networks)) {
      const member = engine.networks.members(networkId).find(({ containerId }) => containerId === record.id);
      if (member) engine.networks.join(networkId, { ...member, containerName: name });
    }
    engine.containers.save(container);
    containerEvent(engine, container, "rename", { oldName: `/${oldName}` });
  });
}
