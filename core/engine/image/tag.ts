import type { ImageRef } from "../../oci/reference.ts";
import { familiarRef, withDefaultTag } from "../../oci/reference.ts";
import type { Engine } from "../engine.ts";
import { imageEvent } from "./events.ts";

/** Gives an image a name, which another image may lose by it. Throws notFound, or invalidParameter for a digest as a name. */
export function imageTag(engine: Engine, imageRef: string, target: ImageRef): void {
  tagImage(engine, engine.images.resolve(imageRef).id, target);
}

/** The same by identifier. */
export function tagImage(engine: Engine, id: string, target: ImageRef): void {
  engine.images.tag(target, id);
  imageEvent(engine, "tag", id, familiarRef(withDefaultTag(target)));
}
