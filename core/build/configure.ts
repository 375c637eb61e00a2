import type { ContainerConfig } from "../oci/image.ts";
import { goDuration, goList, goQuoteList } from "./gotext.ts";
import type { CommandLine, Expanded, Operation, RunOperation, CopyOperation } from "./graph.ts";
import { resolvePath } from "../files/clean-path.ts";
import { exposedPorts } from "./ports.ts";
import { checkSignal } from "./signals.ts";

/** What a stage's operations change beside its files. */
export interface StageConfig {
  config: ContainerConfig;
  author: string;
  /** A CMD stood in this stage: a later ENTRYPOINT does not take it away. */
  commandSet: boolean;
  /** The variables that --build-arg may set, with their defaults. */
  declareArgument(name: string, value: string | undefined): void;
}

export type ConfigOperation = Exclude<Operation, RunOperation | CopyOperation>;

/**
 * Does an operation that changes nothing but the configuration (and WORKDIR's part of it); returns it as docker
 * history shows it. Throws an Error with Docker's text.
 */
export function configure(
  operation: Expanded<ConfigOperation>,
  stage: StageConfig,
  note: (text: string) => void = () => {},
): string {
  const { config } = stage;
  switch (operation.kind) {
    case "env":
      config.Env = withVariables(config.Env ?? [], operation.pairs);
      return ["ENV", ...operation.pairs.map(pairText)].join(" ");
    case "label": {
      const pairs = [
        ...operation.pairs,
        ...Object.entries(operation.literal ?? {}).map(([key, value]) => ({ key, value })),
      ];
      config.Labels = {
        ...config.Labels,
        ...Object.fromEntries(pairs.map(({ key, value }) => [key, value])),
      };
      return ["LABEL", ...pairs.map(pairText)].join(" ");
    }
    case "maintainer":
      stage.author = operation.name;
      return `MAINTAINER ${operation.name}`;
    case "arg":
      for (const { key, value } of operation.declarations) stage.declareArgument(key, value);
      return `ARG ${operation.declarations.map(({ key, value }) => (value === undefined ? key : `${key}=${value}`)).join(" ")}`;
    case "cmd":
      config.Cmd = resolveCommand(operation.command, config);
      if (operation.command.args?.length) stage.commandSet = true;
      return `CMD ${goQuoteList(config.Cmd ?? [])}`;
    case "entrypoint":
      config.Entrypoint = resolveCommand(operation.command, config);
      if (!stage.commandSet) config.Cmd = null;
      return `ENTRYPOINT ${goQuoteList(config.Entrypoint ?? [])}`;
    case "healthcheck": {
      const before = config.Healthcheck?.Test ?? [];
      if (before.length > 0 && before[0] !== "NONE")
        note(`Note: overriding previous HEALTHCHECK: ${goList(before)}\n`);
      config.Healthcheck = operation.health;
      const {
        Test = [],
        Interval = 0,
        Timeout = 0,
        StartPeriod = 0,
        StartInterval = 0,
        Retries = 0,
      } = operation.health;
      const times = [Interval, Timeout, StartPeriod, StartInterval].map(goDuration);
      return `HEALTHCHECK &{${goList(Test)} ${times.join(" ")} ${Retries}}`;
    }
    case "expose": {
      const specifications = operation.ports.flat();
      const ports = specifications.flatMap(exposedPorts);
      config.ExposedPorts = {
        ...config.ExposedPorts,
        ...Object.fromEntries(ports.map((port) => [port, {}])),
      };
      return `EXPOSE ${specifications.join(" ")}`;
    }
    case "user":
      config.User = operation.user;
      return `USER ${operation.user}`;
    case "volume":
      if (operation.paths.includes("")) throw new Error("VOLUME specified can not be an empty string");
      config.Volumes = {
        ...config.Volumes,
        ...Object.fromEntries(operation.paths.map((path) => [path, {}])),
      };
      return `VOLUME ${goList(operation.paths)}`;
    case "stopsignal":
      checkSignal(operation.signal);
      config.StopSignal = operation.signal;
      return `STOPSIGNAL ${operation.signal}`;
    case "shell":
      config.Shell = operation.shell;
      return `SHELL ${goList(operation.shell)}`;
    case "onbuild":
      config.OnBuild = [...(config.OnBuild ?? []), operation.trigger];
      return `ONBUILD ${operation.trigger}`;
    case "workdir":
      if (operation.path === "") throw new Error("cannot normalize nothing");
      config.WorkingDir = resolvePath(config.WorkingDir ?? "", operation.path);
      return `WORKDIR ${config.WorkingDir}`;
  }
}

/** The shell that runs shell forms. */
export const shellOf = (config: ContainerConfig) => (config.Shell?.length ? config.Shell : ["/bin/sh", "-c"]);

/** A command with the stage's shell before it when it is in shell form. */
export function resolveCommand(command: Expanded<CommandLine>, config: ContainerConfig): string[] | null {
  if (command.args === null || !command.shell) return command.args;
  return [...shellOf(config), ...command.args];
}

/** `environment` (NAME=value) with `pairs` set: in place where the name is there, else at the end. */
function withVariables(
  environment: readonly string[],
  pairs: readonly { key: string; value: string }[],
): string[] {
  const list = [...environment];
  for (const pair of pairs) {
    const at = list.findIndex((variable) => variable.split("=", 1)[0] === pair.key);
    if (at < 0) list.push(pairText(pair));
    else list[at] = pairText(pair);
  }
  return list;
}

const pairText = ({ key, value }: { key: string; value: string }) => `${key}=${value}`;
