import { contentSource } from "../../archive/collect.ts";
import { decodeRegistryAuth } from "../../distribution/credentials.ts";
import { progressSource, status } from "../../distribution/progress.ts";
import type { Tell } from "../../distribution/progress.ts";
import { statusText } from "../../distribution/errors.ts";
import { imageImport } from "../../engine/image/import.ts";
import { imageLoad } from "../../engine/image/load.ts";
import { readPlatform } from "../../engine/image/platform.ts";
import { imagePull } from "../../engine/image/pull.ts";
import { imagePush } from "../../engine/image/push.ts";
import { imageSave } from "../../engine/image/save.ts";
import { forbidden, invalidParameter, systemError } from "../../errors/errors.ts";
import { parseRef } from "../../images/store.ts";
import { isDigest } from "../../oci/digest.ts";
import { sourceOf } from "../../platform/bytes.ts";
import type { ByteSource } from "../../platform/bytes.ts";
import type { ApiCall } from "../call.ts";
import type { ApiResponse } from "../exchange.ts";
import type { Route } from "../router.ts";
import { atLeast } from "../version.ts";
import { decodePlatform, repoTagReference, withTag } from "./image_params.ts";
import { progressAnswer } from "./progress.ts";

/** What moves images about: pull, import, push, save, load. */
export const imageStreamRoutes: readonly Route[] = [
  {
    method: "POST",
    path: "/images/create",
    handler: (call) => (call.query.get("fromImage") !== "" ? pull(call) : importImage(call)),
  },
  { method: "POST", path: "/images/load", handler: load },
  { method: "GET", path: "/images/get", handler: (call) => save(call, call.query.all("names")) },
  { method: "GET", path: "/images/{name:.*}/get", handler: (call) => save(call, [call.params.name!]) },
  { method: "POST", path: "/images/{name:.*}/push", handler: push },
];

async function pull({ engine, operation, query, request, version }: ApiCall): Promise<ApiResponse> {
  const platform = atLeast(version, "1.32") ? query.get("platform") : "";
  if (platform !== "") readPlatform(platform);
  const named = parseRef(query.get("fromImage").replace(/:$/, ""));
  const tag = query.get("tag");
  const { domain, path } = named;
  const imageRef =
    tag === "" ? named : isDigest(tag) ? { domain, path, digest: tag } : withTag({ domain, path }, tag);
  if (domain === "docker.io" && path === "library/scratch") throw forbidden("'scratch' is a reserved name");
  const auth = decodeRegistryAuth(request.headers["x-registry-auth"]);
  return progressAnswer(operation.cancellation, (tell) =>
    imagePull(engine, operation, { imageRef, platform, auth }, tell),
  );
}

function importImage({ engine, operation, query, request, version }: ApiCall): Promise<ApiResponse> {
  const platform = atLeast(version, "1.32") ? query.get("platform") : "";
  const fromSrc = query.get("fromSrc");
  const target = repoTagReference(query.get("repo"), query.get("tag"));
  const message = query.get("message") || `Imported from ${fromSrc}`;
  return progressAnswer(operation.cancellation, async (tell) => {
    const archive =
      fromSrc === "-" ? (request.body ?? sourceOf()) : await download({ engine, operation }, fromSrc, tell);
    const id = await imageImport(engine, operation, {
      archive,
      target,
      platform,
      message,
      changes: query.all("changes"),
    });
    await tell(status(id));
  });
}

async function download(
  { engine, operation }: Pick<ApiCall, "engine" | "operation">,
  fromSrc: string,
  tell: Tell,
): Promise<ByteSource> {
  const url = fromSrc.includes("://") ? fromSrc : `http://${fromSrc}`;
  let response;
  try {
    response = await engine.http({
      method: "GET",
      url,
      headers: {},
      body: null,
      cancellation: operation.cancellation,
    });
  } catch (error) {
    throw systemError(`Get ${JSON.stringify(url)}: ${(error as Error).message}`);
  }
  if (response.status >= 400) {
    throw invalidParameter(
      `failed to GET ${url} with status ${response.status} ${statusText(response.status)}`.trimEnd(),
    );
  }
  await tell(status(`Downloading from ${url}`));
  const total = Number(response.headers["content-length"] ?? 0);
  return progressSource(response.body, { clock: engine.clock, tell, id: "", action: "Importing", total });
}

function load({ engine, operation, query, request, version }: ApiCall): Promise<ApiResponse> {
  const platform = atLeast(version, "1.48") ? onePlatform(query.all("platform")) : "";
  const quiet = query.boolOr("quiet", true);
  const archive = request.body ?? sourceOf();
  return progressAnswer(
    operation.cancellation,
    (tell) => imageLoad(engine, operation, archive, { quiet, platform, tell }),
    { always: true },
  );
}

async function save(
  { engine, operation, query, version }: ApiCall,
  names: readonly string[],
): Promise<ApiResponse> {
  const platform = atLeast(version, "1.48") ? onePlatform(query.all("platform")) : "";
  const archive = await imageSave(engine, operation, names, platform);
  return { status: 200, headers: { "content-type": "application/x-tar" }, body: contentSource(archive) };
}

async function push({ engine, operation, query, request, params, version }: ApiCall): Promise<ApiResponse> {
  const auth = decodeRegistryAuth(request.headers["x-registry-auth"]);
  const tag = query.get("tag");
  const imageRef = tag === "" ? parseRef(params.name!) : repoTagReference(params.name!, tag)!;
  const platform = atLeast(version, "1.46") ? decodePlatform(query.get("platform")) : "";
  return progressAnswer(operation.cancellation, (tell) =>
    imagePush(engine, operation, { imageRef, platform, auth }, tell),
  );
}

function onePlatform(values: readonly string[]): string {
  if (values.length > 1) throw invalidParameter("multiple platform parameters not supported");
  return decodePlatform(values[0] ?? "");
}
