/** The name as requests carry it. Throws, without asking the engine, for a name of nothing but space. */
export function objectName(kind: "container" | "network" | "volume", name: string): string {
  const trimmed = name.trim();
  if (trimmed === "") throw new Error(`invalid ${kind} name or ID: value is empty`);
  return trimmed;
}
