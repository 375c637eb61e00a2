import type { Image } from "../../images/image.ts";
import { parseImageRef } from "../../oci/reference.ts";
import type { Engine } from "../engine.ts";

/** Tells what happened to an image (by identifier or name): its labels, while it is there, and `name` go with the event. */
export function imageEvent(engine: Engine, action: string, id: string, name = id): void {
  const labels = (engine.images.get(id) ?? named(engine, id))?.labels ?? {};
  engine.events.publish("image", action, id, { ...labels, ...(name ? { name } : {}) });
}

function named(engine: Engine, name: string): Image | undefined {
  if (name.startsWith("sha256:")) return undefined;
  const id = engine.images.references.get(parseImageRef(name));
  return id === undefined ? undefined : engine.images.get(id);
}
