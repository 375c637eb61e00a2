/** The API's path of a container; throws the client's text for an empty name. */
export function containerPath(name: string): string {
  const trimmed = name.trim();
  if (trimmed === "") throw new Error("invalid container name or ID: value is empty");
  return `/containers/${trimmed}`;
}
