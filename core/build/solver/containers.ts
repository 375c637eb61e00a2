import type { ContainerConfig } from "../../oci/image.ts";
import { DockerError } from "../../errors/errors.ts";
import type { BuildContainers, BuildHostOptions } from "../backend.ts";
import type { BuildOutput } from "../options.ts";
import { shortId } from "./steps.ts";

/** The containers that a build made and has not taken away yet. */
export class TemporaryContainers {
  readonly #backend: BuildContainers;
  readonly #host: BuildHostOptions;
  readonly #output: BuildOutput;
  readonly #ids = new Set<string>();

  constructor(backend: BuildContainers, host: BuildHostOptions, output: BuildOutput) {
    this.#backend = backend;
    this.#host = host;
    this.#output = output;
  }

  async create(
    backend: BuildContainers,
    config: ContainerConfig,
  ): Promise<{ id: string; warnings: string[] }> {
    const created = await backend.create(config, this.#host);
    this.#ids.add(created.id);
    return created;
  }

  async removeAll(): Promise<void> {
    for (const id of [...this.#ids]) {
      try {
        await this.#backend.remove(id);
      } catch (error) {
        // Somebody else may have taken it away.
        if (!(error instanceof DockerError && error.kind === "notFound")) {
          await this.#output.stdout(
            `Removing intermediate container ${shortId(id)}: ${(error as Error).message}\n`,
          );
          continue;
        }
      }
      this.#ids.delete(id);
      await this.#output.stdout(` ---> Removed intermediate container ${shortId(id)}\n`);
    }
  }
}
