import { containerCommit } from "../../engine/container/commit.ts";
import type { ContainerConfig } from "../../oci/image.ts";
import { jsonBody } from "../call.ts";
import { json } from "../responses.ts";
import type { Route } from "../router.ts";
import { configFields, createRequest } from "../shapes/container.ts";
import { repoTagReference } from "./image_params.ts";

export const commitRoutes: readonly Route[] = [
  {
    method: "POST",
    path: "/commit",
    async handler(call) {
      const { engine, operation, query } = call;
      const body = await jsonBody<ContainerConfig>(call, createRequest);
      const given = body && Object.keys(body).some((field) => field in configFields);
      const id = await containerCommit(engine, operation, query.get("container"), {
        target: repoTagReference(query.get("repo"), query.get("tag")),
        author: query.get("author"),
        comment: query.get("comment"),
        changes: query.all("changes"),
        pause: query.boolOr("pause", true),
        config: given ? body : undefined,
      });
      return json({ Id: id }, 201);
    },
  },
];
