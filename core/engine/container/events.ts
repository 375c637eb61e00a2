import type { Container } from "../../containers/container.ts";
import type { Engine } from "../engine.ts";

/** Tells what happened to a container: its labels, image and name go with every such event. */
export function containerEvent(
  engine: Engine,
  container: Container,
  action: string,
  attributes: Readonly<Record<string, string>> = {},
): void {
  const { config, name } = container.record;
  engine.events.publish("container", action, container.id, {
    ...config.Labels,
    ...attributes,
    image: config.Image ?? "",
    name,
  });
}
