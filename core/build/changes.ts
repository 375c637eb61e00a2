import { invalidParameter } from "../errors/errors.ts";
import type { ContainerConfig } from "../oci/image.ts";
import { configure, type ConfigOperation, type StageConfig } from "./configure.ts";
import { expanderOf, parseChanges } from "./dockerfile/parse.ts";
import { expandWords } from "./graph.ts";

const ALLOWED = "cmd entrypoint healthcheck env expose label onbuild stopsignal user volume workdir".split(
  " ",
);

/**
 * A configuration with the Dockerfile instructions of docker commit --change and docker import --change done to it;
 * `config` itself stays as it is. Rejects with invalidParameter and Docker's text.
 */
export function applyChanges(config: ContainerConfig, changes: readonly string[]): ContainerConfig {
  if (changes.length === 0) return config;
  try {
    const parsed = parseChanges(changes);
    for (const { keyword } of parsed)
      if (!ALLOWED.includes(keyword.toLowerCase()))
        throw new Error(`${keyword} is not a valid change command`);
    const operations = parsed.map(({ operation }) => operation() as ConfigOperation);
    const stage: StageConfig = {
      config: { ...config },
      author: "",
      commandSet: false,
      declareArgument: () => {},
    };
    for (const operation of operations) {
      const variables = new Map((stage.config.Env ?? []).map((variable) => splitVariable(variable)));
      configure(
        expandWords(
          operation,
          expanderOf((name) => variables.get(name), "\\"),
        ),
        stage,
      );
    }
    return stage.config;
  } catch (error) {
    throw invalidParameter((error as Error).message);
  }
}

/** "A=b=c" as ["A", "b=c"]. */
export function splitVariable(variable: string): [name: string, value: string] {
  const equals = variable.indexOf("=");
  return equals < 0 ? [variable, ""] : [variable.slice(0, equals), variable.slice(equals + 1)];
}
