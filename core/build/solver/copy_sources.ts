import { systemError } from "../../errors/errors.ts";
import { utf8 } from "../../platform/bytes.ts";
import { hasWildcards, matchesPath } from "../../files/path-match.ts";
import { followInScope, statIn, walk } from "../context/scope.ts";
import type { BuildSource } from "../context/source.ts";
import type { CopyOperation, Expanded } from "../graph.ts";
import { cleanPath } from "../../files/clean-path.ts";
import { downloadSource } from "./download.ts";
import type { BuildSession } from "./steps.ts";

/** One path that COPY or ADD takes. */
export interface CopiedPath {
  source: BuildSource;
  /** Relative to the source's root. */
  path: string;
  /** "file:…", "dir:…"; of a download the bare sum. */
  hash: string;
  /** ADD unpacks archives, but not those that it has fetched. */
  mayUnpack: boolean;
}

/** Every path that a COPY or ADD means: wildcards matched, URLs fetched. Throws with Docker's texts. */
export async function findSources(
  session: BuildSession,
  { verb, sources, destination }: Expanded<CopyOperation>,
  source: BuildSource | undefined,
  closeLater: (close: () => Promise<void>) => void,
): Promise<CopiedPath[]> {
  const paths: CopiedPath[] = [];
  try {
    for (const written of sources) {
      if (!/^https?:\/\//.test(written)) {
        if (!source) throw new Error("missing build context");
        paths.push(...(await inSource(session, source, written)));
      } else if (verb === "COPY") {
        throw new Error("source can't be a URL for COPY");
      } else {
        const fetched = await downloadSource(session, written, destination);
        closeLater(() => fetched.source.root.close());
        paths.push({ ...fetched, hash: await fetched.source.hash(fetched.path), mayUnpack: false });
      }
    }
    if (paths.length === 0) throw new Error("no source files were specified");
    return paths;
  } catch (error) {
    throw systemError(`${verb} failed: ${(error as Error).message}`);
  }
}

/** What stands for all of the paths in docker history. */
export function sourcesHash(session: BuildSession, paths: readonly CopiedPath[]): string {
  if (paths.length === 1) return paths[0]!.hash;
  return `multi:${listSum(
    session,
    paths.map(({ hash }) => hash),
  )}`;
}

async function inSource(session: BuildSession, source: BuildSource, written: string): Promise<CopiedPath[]> {
  const path = written.replace(/^\//, "").replace(/^\.\//, "");
  if (!hasWildcards(path)) return [await inSourceExactly(session, source, path)];
  const paths: CopiedPath[] = [];
  for await (const { path: candidate } of walk(source.root, "/"))
    if (matchesPath(path, candidate)) paths.push(await inSourceExactly(session, source, candidate));
  return paths;
}

async function inSourceExactly(
  session: BuildSession,
  source: BuildSource,
  path: string,
): Promise<CopiedPath> {
  const fromContext = source === session.context;
  const clean = cleanPath(path);
  if (clean === ".." || clean.startsWith("../"))
    throw new Error(`forbidden path outside the build context: ${path} ()`);
  const stat = await statIn(source.root, `/${clean}`);
  if (!stat) {
    const excluded = fromContext ? "file not found in build context or excluded by .dockerignore: " : "";
    throw new Error(`${excluded}stat ${path}: file does not exist`);
  }
  if (stat.kind !== "directory")
    return { source, path, hash: `file:${await source.hash(path)}`, mayUnpack: true };
  const sums: string[] = [];
  for await (const below of walk(source.root, await followInScope(source.root, path)))
    sums.push(await source.hash(below.path));
  return { source, path, hash: `dir:${listSum(session, sums.sort())}`, mayUnpack: true };
}

const listSum = (session: BuildSession, sums: readonly string[]) =>
  session.backend
    .sha256()
    .update(utf8(sums.join(",")))
    .hex();
