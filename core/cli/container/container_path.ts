import { objectName } from "../object_name.ts";

/** The API's path of a container; throws the client's text for an empty name. */
export function containerPath(name: string): string {
  return `/containers/${objectName("container", name)}`;
}
