import { build } from "../../build/build.ts";
import type { BuildOutput } from "../../build/options.ts";
import { CommandFailed } from "../../build/solver/run.ts";
import { engineBackend } from "../../engine/build/backend.ts";
import { DockerError, invalidParameter, notImplemented } from "../../errors/errors.ts";
import { BrokenPipe, bytePipe, concat, utf8 } from "../../platform/bytes.ts";
import type { ApiCall } from "../call.ts";
import type { ApiResponse } from "../exchange.ts";
import { encodeJson, json } from "../responses.ts";
import type { Route } from "../router.ts";
import { atLeast } from "../version.ts";
import { buildOptions, registryConfig } from "./build_options.ts";

export const buildRoutes: readonly Route[] = [
  { method: "POST", path: "/build", handler: postBuild },
  { method: "POST", path: "/build/prune", since: "1.31", handler: postPrune },
  { method: "POST", path: "/build/cancel", handler: postCancel },
];

/**
 * Builds. What goes wrong before the first message is an error with a status; later it is the stream's last message. With `q`
 * nothing but the identifier is said, and the whole stream after all when the build fails.
 */
async function postBuild({ engine, request, query, version, operation }: ApiCall): Promise<ApiResponse> {
  const options = buildOptions(query, version);
  if (query.bool("squash")) throw invalidParameter("squash is only supported with experimental mode");
  const quiet = query.bool("q");

  const { source, sink } = bytePipe();
  const held: Uint8Array[] = [];
  let begun: () => void = () => {};
  const first = new Promise<void>((resolve) => (begun = resolve));
  const send = async (message: unknown, always = false): Promise<void> => {
    const bytes = utf8(encodeJson(message).replace(/\n$/, "\r\n"));
    if (quiet && !always) return void held.push(bytes);
    begun();
    try {
      await sink.write(bytes);
    } catch (error) {
      // Nobody reads any more: the build stops at its next step.
      if (!(error instanceof BrokenPipe)) throw error;
    }
  };
  const output: BuildOutput = {
    stdout: (text) => (text === "" ? Promise.resolve() : send({ stream: text })),
    stderr: (text) => (text === "" ? Promise.resolve() : send({ stream: `\u001b[91m${text}\u001b[0m` })),
    imageId: (id) => (atLeast(version, "1.30") ? send({ aux: { ID: id } }) : Promise.resolve()),
    message: send,
  };
  const credentials = registryConfig(request.headers["x-registry-config"]);
  const work = operation.trace.step("builder", "build", { tags: options.tags }, async (trace) => {
    const backend = engineBackend(engine, { ...operation, trace }, credentials);
    const id = await build(backend, options, request.body, output, operation.cancellation);
    if (quiet) await send({ stream: `${id}\n` }, true);
  });

  const ended = work.then(
    () => begun(),
    async (error: Error) => {
      if (held.length > 0) {
        begun();
        await sink.write(concat(held.splice(0))).catch(() => {});
      }
      throw error;
    },
  );
  let flowing = false;
  const outcome = ended.then(
    () => sink.close(),
    async (error: Error) => {
      if (!flowing) throw error;
      await send(errorMessage(error), true);
      sink.close();
    },
  );
  // Whichever comes first decides between a stream and an error's status.
  await Promise.race([first, outcome]);
  flowing = true;
  const cancel = (reason?: string) => {
    source.cancel(reason);
    operation.cancellation.cancel(reason ?? "context canceled");
  };
  return {
    status: 200,
    headers: { "content-type": "application/json" },
    body: { read: () => source.read(), cancel },
  };
}

function errorMessage(error: Error): unknown {
  const code = error instanceof CommandFailed ? { code: error.status } : {};
  return { errorDetail: { ...code, message: error.message }, error: error.message };
}

/** What BuildKit's cache can be filtered by. */
const pruneFilters = [
  "until",
  "unused-for",
  "id",
  "parent",
  "type",
  "description",
  "inuse",
  "shared",
  "private",
];

/** The classic builder's cache is the images themselves; there is no other to empty yet. */
function postPrune({ engine, query }: ApiCall): ApiResponse {
  try {
    query.filters().validate(pruneFilters);
  } catch (error) {
    throw error instanceof DockerError
      ? new DockerError(error.kind, `failed to prune build cache: ${error.message}`)
      : error;
  }
  for (const name of ["reserved-space", "keep-storage", "max-used-space", "min-free-space"]) {
    const value = query.get(name);
    if (value !== "" && !/^[-+]?\d+$/.test(value))
      throw invalidParameter(
        `${name} is in bytes and expects an integer, got ${value}: strconv.Atoi: parsing ${JSON.stringify(value)}: invalid syntax`,
      );
  }
  engine.events.publish("builder", "prune", "", { reclaimed: "0" });
  return json({ CachesDeleted: null, SpaceReclaimed: 0 });
}

function postCancel({ query }: ApiCall): ApiResponse {
  if (query.get("id") === "") throw invalidParameter("build ID not provided");
  throw notImplemented("BuildKit is not there yet: a classic build ends when its client goes");
}
