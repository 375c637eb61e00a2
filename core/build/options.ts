import type { BuildHostOptions } from "./backend.ts";

/** How to build: the parameters of POST /build. */
export interface BuildOptions {
  /** The Dockerfile's path in the context. */
  dockerfile: string;
  /** Names for the result. */
  tags: string[];
  /** A URL to take the context from; "" when it comes with the request. */
  remote: string;
  /** "" is the last stage. */
  target: string;
  /** --build-arg; null when the client named a variable that it does not have. */
  buildArgs: Record<string, string | null>;
  labels: Record<string, string>;
  noCache: boolean;
  cacheFrom: string[];
  /** Pull bases even when they are there. */
  pull: boolean;
  /** Take containers away after each step; `forceRemove`: after one that failed, too. */
  remove: boolean;
  forceRemove: boolean;
  /** "" is the engine's own. */
  platform: string;
  host: BuildHostOptions;
}

/** Where a build says what it does. Each call is one message of the API's stream. */
export interface BuildOutput {
  stdout(text: string): Promise<void>;
  stderr(text: string): Promise<void>;
  /** The identifier of a stage's image. */
  imageId(id: string): Promise<void>;
  /** A message as another operation (a pull, a download) makes it. */
  message(message: unknown): Promise<void>;
}
