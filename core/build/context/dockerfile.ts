import { invalidParameter, systemError } from "../../errors/errors.ts";
import { text } from "../../platform/bytes.ts";
import { parseDockerfile } from "../dockerfile/parse.ts";
import type { BuildGraph } from "../graph.ts";
import { cleanPath } from "../../files/clean-path.ts";
import { IgnorePatterns, readIgnoreFile } from "../../archive/ignore-patterns.ts";
import { statIn } from "./scope.ts";
import type { BuildSource } from "./source.ts";

/** Reads a context's Dockerfile. What .dockerignore leaves out of the two files themselves goes from the context then. */
export async function readContext(context: BuildSource, dockerfile: string): Promise<BuildGraph> {
  const clean = cleanPath(dockerfile);
  if (clean === ".." || clean.startsWith("../"))
    throw systemError(`forbidden path outside the build context: ${dockerfile} ()`);
  if (!(await statIn(context.root, `/${dockerfile}`))) {
    const lower = dockerfile.toLowerCase();
    if (dockerfile === "Dockerfile" && (await statIn(context.root, `/${lower}`)))
      return readContext(context, lower);
    throw systemError(`Cannot locate specified Dockerfile: ${dockerfile}`);
  }
  const graph = parse(text(await context.root.read(`/${dockerfile}`)), dockerfile);
  await removeIgnored(context, dockerfile);
  return graph;
}

/** Reads a Dockerfile; what is wrong with it is the client's mistake. */
export function parse(dockerfile: string, name: string): BuildGraph {
  try {
    return parseDockerfile(dockerfile, name);
  } catch (error) {
    throw invalidParameter((error as Error).message);
  }
}

/**
 * A client sends both files even when .dockerignore leaves them out, since the engine needs them; COPY must not see
 * them then.
 */
async function removeIgnored({ root }: BuildSource, dockerfile: string): Promise<void> {
  if (!(await statIn(root, "/.dockerignore"))) return;
  let patterns: IgnorePatterns;
  try {
    patterns = new IgnorePatterns(readIgnoreFile(text(await root.read("/.dockerignore"))));
  } catch {
    // A malformed pattern leaves nothing out here; the client has complained of it.
    return;
  }
  for (const file of [".dockerignore", dockerfile])
    if (patterns.excludes(file)) await root.remove(`/${file}`);
}
