import type { Engine } from "../engine.ts";

/** A line of docker diff as the API has it; Kind is 0 for changed, 1 for added, 2 for deleted. */
export interface ContainerChange {
  Path: string;
  Kind: 0 | 1 | 2;
}

const kinds = { C: 0, A: 1, D: 2 } as const;

/** What a container has changed against its image; null when nothing, as Docker answers. */
export async function containerChanges(
  engine: Engine,
  containerRef: string,
): Promise<ContainerChange[] | null> {
  const { id } = engine.containers.resolve(containerRef);
  const changes = await engine.snapshotter.changes(id);
  if (changes.length === 0) return null;
  return changes.map(({ kind, path }) => ({ Path: path, Kind: kinds[kind] }));
}
