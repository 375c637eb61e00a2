import type { Engine } from "../engine.ts";

/** Tells what happened to an image: its labels (while it is there) and `name` go with the event. */
export function imageEvent(engine: Engine, action: string, id: string, name = id): void {
  const labels = engine.images.get(id)?.labels ?? {};
  engine.events.publish("image", action, id, { ...labels, ...(name ? { name } : {}) });
}
