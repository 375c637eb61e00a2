import type { Cli } from "./cli.ts";
import { parseBool } from "./go/strconv.ts";

const missing = `DEPRECATED: The legacy builder is deprecated and will be removed in a future release.
            Install the buildx component to build images with BuildKit:
            https://docs.docker.com/go/buildx/`;

const disabled = `DEPRECATED: The legacy builder is deprecated and will be removed in a future release.
            BuildKit is currently disabled; enable it by removing the DOCKER_BUILDKIT=0
            environment-variable.`;

const broken = `ERROR: BuildKit is enabled but the buildx component is missing or broken.
       Install the buildx component to build images with BuildKit:
       https://docs.docker.com/go/buildx/`;

const bakeMissing = `ERROR: docker bake requires the buildx component but it is missing or broken.
       Install the buildx component to use bake:
       https://docs.docker.com/go/buildx/`;

/**
 * Says, before `docker build` and `docker builder` do anything, that they build without BuildKit: docker hands these
 * commands to its buildx plugin, and this command line has no plugins. Throws when BuildKit is asked for.
 */
export async function warnOfLegacyBuilder(cli: Cli, args: readonly string[]): Promise<void> {
  const [first, second] = args;
  if (
    first !== "build" &&
    first !== "builder" &&
    first !== "bake" &&
    !(first === "image" && second === "build")
  )
    return;
  const wish = cli.console.env["DOCKER_BUILDKIT"];
  let wanted: boolean | undefined;
  try {
    if (wish) wanted = parseBool(wish);
  } catch (error) {
    throw new Error(
      `DOCKER_BUILDKIT environment variable expects boolean value: ${(error as Error).message}`,
    );
  }
  if (first === "bake") throw new Error(bakeMissing);
  if (wanted === true || cli.config.aliases?.["builder"]) throw new Error(broken);
  const info = await cli.serverInfo();
  if (info?.osType === "windows") return;
  await cli.err.write(`${wanted === false ? disabled : missing}\n\n`);
}
