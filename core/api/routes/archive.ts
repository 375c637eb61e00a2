import { containerArchive, containerExtract, containerStatPath } from "../../engine/container/archive.ts";
import type { ContainerPathStat } from "../../engine/container/archive.ts";
import { containerChanges } from "../../engine/container/changes.ts";
import { containerExport } from "../../engine/container/export.ts";
import { encodeBase64 } from "../../distribution/credentials.ts";
import { invalidParameter } from "../../errors/errors.ts";
import { goJson } from "../../oci/json.ts";
import { sourceOf } from "../../platform/bytes.ts";
import type { ApiCall } from "../call.ts";
import { empty, json } from "../responses.ts";
import type { Route } from "../router.ts";

/** A container's files from outside: docker cp, export and diff. */
export const archiveRoutes: readonly Route[] = [
  {
    method: "HEAD",
    path: "/containers/{name:.*}/archive",
    async handler(call) {
      const { name, path } = target(call);
      return {
        status: 200,
        headers: statHeader(await containerStatPath(call.engine, name, path)),
        body: sourceOf(),
      };
    },
  },
  {
    method: "GET",
    path: "/containers/{name:.*}/archive",
    async handler(call) {
      const { name, path } = target(call);
      const { stat, archive } = await containerArchive(call.engine, name, path);
      return {
        status: 200,
        headers: { "content-type": "application/x-tar", ...statHeader(stat) },
        body: archive,
      };
    },
  },
  {
    method: "PUT",
    path: "/containers/{name:.*}/archive",
    async handler(call) {
      const { name, path } = target(call);
      const { engine, query, request } = call;
      await containerExtract(engine, name, path, request.body ?? sourceOf(), {
        noOverwriteDirNonDir: query.bool("noOverwriteDirNonDir"),
        copyOwner: query.bool("copyUIDGID"),
      });
      return empty(200);
    },
  },
  {
    method: "GET",
    path: "/containers/{name:.*}/export",
    async handler({ engine, params }) {
      const archive = await containerExport(engine, params.name!);
      return { status: 200, headers: { "content-type": "application/octet-stream" }, body: archive };
    },
  },
  {
    method: "GET",
    path: "/containers/{name:.*}/changes",
    handler: async ({ engine, params }) => json(await containerChanges(engine, params.name!)),
  },
];

/** Docker's own texts, without a space. */
function target({ params, query }: ApiCall): { name: string; path: string } {
  const name = params.name!;
  const path = query.get("path");
  if (name === "") throw invalidParameter("bad parameter: namecannot be empty");
  if (path === "") throw invalidParameter("bad parameter: pathcannot be empty");
  return { name, path };
}

function statHeader(stat: ContainerPathStat): Record<string, string> {
  return { "x-docker-container-path-stat": encodeBase64(goJson(stat)) };
}
