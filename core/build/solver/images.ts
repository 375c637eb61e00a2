import { DockerError } from "../../errors/errors.ts";
import type { BuildBackend, BuildImage } from "../backend.ts";
import type { BuildOptions, BuildOutput } from "../options.ts";
import type { Platform } from "../platform.ts";

/** The images that a build starts from and copies from: each is looked for (or pulled) once. */
export class ImageSources {
  readonly #backend: BuildBackend;
  readonly #options: BuildOptions;
  readonly #output: BuildOutput;
  readonly #found = new Map<string, BuildImage>();

  constructor(backend: BuildBackend, options: BuildOptions, output: BuildOutput) {
    this.#backend = backend;
    this.#options = options;
    this.#output = output;
  }

  /** An image by name or identifier. `localOnly`: it is one of the build's own. */
  async get(image: string, localOnly: boolean, platform: Platform | undefined): Promise<BuildImage> {
    const known = this.#found.get(image);
    if (known) return known;
    const found = await this.#find(image, localOnly, platform);
    this.#found.set(found.id, found);
    return found;
  }

  async #find(image: string, localOnly: boolean, platform: Platform | undefined): Promise<BuildImage> {
    const { images } = this.#backend;
    if (localOnly || !this.#options.pull) {
      try {
        return await images.find(image, platform);
      } catch (error) {
        if (localOnly || !(error instanceof DockerError && error.kind === "notFound")) throw error;
      }
    }
    return images.pull(image, platform, (message) => this.#output.message(message));
  }
}
