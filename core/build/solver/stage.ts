import type { ContainerConfig } from "../../oci/image.ts";
import type { BuildImage } from "../backend.ts";
import { splitVariable } from "../changes.ts";
import type { StageConfig } from "../configure.ts";
import type { BuildArguments } from "./arguments.ts";
import type { StepCache } from "./cache.ts";

const DEFAULT_PATH = "PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

/** A stage while it is built: the image so far, and what the next step starts from. */
export class BuildStage implements StageConfig {
  readonly name: string;
  readonly args: BuildArguments;
  readonly cache: StepCache;
  config: ContainerConfig;
  author = "";
  commandSet = false;
  /** "" until the first step of a stage that starts from nothing. */
  #imageId: string;

  constructor(name: string, base: BuildImage | undefined, args: BuildArguments, cache: StepCache) {
    this.name = name;
    this.args = args;
    this.cache = cache;
    this.config = copyConfig(base?.config.config ?? {});
    const environment = this.config.Env ?? [];
    if (!environment.some((variable) => splitVariable(variable)[0] === "PATH"))
      this.config.Env = [...environment, DEFAULT_PATH];
    this.config.OpenStdin = false;
    this.config.StdinOnce = false;
    this.#imageId = base?.id ?? "";
    this.config.Image = this.#imageId;
  }

  get imageId(): string {
    return this.#imageId;
  }

  /** A step is done: the next starts from this image. */
  set imageId(id: string) {
    this.#imageId = id;
    this.config.Image = id;
  }

  declareArgument(name: string, value: string | undefined): void {
    this.args.declare(name, value);
  }

  /** The variables of this moment: ENV, and those of ARG that ENV does not have. */
  variables(): Map<string, string> {
    const environment = this.config.Env ?? [];
    return new Map([...environment, ...this.args.beside(environment)].map(splitVariable));
  }
}

/** A copy whose lists and maps are its own. */
export function copyConfig(config: ContainerConfig): ContainerConfig {
  return Object.fromEntries(
    Object.entries(config).map(([field, value]) => [
      field,
      Array.isArray(value) ? [...value] : typeof value === "object" && value !== null ? { ...value } : value,
    ]),
  );
}
