import { decodeRegistryAuth } from "../../distribution/credentials.ts";
import { imageHistory } from "../../engine/image/history.ts";
import { imageInspect } from "../../engine/image/inspect.ts";
import { imageList } from "../../engine/image/list.ts";
import { imagePrune } from "../../engine/image/prune.ts";
import { imageRemove } from "../../engine/image/remove.ts";
import { imageSearch } from "../../engine/image/search.ts";
import { imageTag } from "../../engine/image/tag.ts";
import { invalidParameter } from "../../errors/errors.ts";
import { familiarName } from "../../oci/reference.ts";
import type { ApiCall } from "../call.ts";
import { empty, json } from "../responses.ts";
import type { Route } from "../router.ts";
import { atLeast } from "../version.ts";
import { gateImage, gateImages } from "../versions/image.ts";
import { decodePlatform, repoTagReference } from "./image_params.ts";

const name = (call: ApiCall) => call.params.name!;

export const imageRoutes: readonly Route[] = [
  {
    method: "GET",
    path: "/images/json",
    handler({ engine, query, version }) {
      const filters = query.filters();
      if (!atLeast(version, "1.41") && query.get("filter") !== "")
        filters.add("reference", query.get("filter"));
      const sharedSize = atLeast(version, "1.42") && query.bool("shared-size");
      return json(gateImages(imageList(engine, { all: query.bool("all"), filters, sharedSize }), version));
    },
  },
  {
    method: "GET",
    path: "/images/search",
    async handler({ engine, operation, query, request }) {
      const limit = query.get("limit");
      if (limit !== "" && !/^\d+$/.test(limit)) {
        const reason = /^-\d+$/.test(limit)
          ? ""
          : `: strconv.Atoi: parsing ${JSON.stringify(limit)}: invalid syntax`;
        throw invalidParameter(`invalid limit specified${reason}`);
      }
      const auth = decodeRegistryAuth(request.headers["x-registry-auth"]);
      const options = { term: query.get("term"), limit: Number(limit), filters: query.filters(), auth };
      return json(await imageSearch(engine, operation, options));
    },
  },
  {
    method: "GET",
    path: "/images/{name:.*}/history",
    handler(call) {
      const platform = atLeast(call.version, "1.48") ? decodePlatform(call.query.get("platform")) : "";
      return json(imageHistory(call.engine, name(call), platform));
    },
  },
  {
    method: "GET",
    path: "/images/{name:.*}/json",
    handler(call) {
      const { engine, query, version } = call;
      const platform = atLeast(version, "1.49") ? decodePlatform(query.get("platform")) : "";
      if (atLeast(version, "1.48") && query.bool("manifests") && platform !== "") {
        throw invalidParameter("conflicting options: manifests and platform options cannot both be set");
      }
      return json(gateImage(imageInspect(engine, name(call), platform), version));
    },
  },
  {
    method: "POST",
    path: "/images/prune",
    handler: async ({ engine, operation, query }) =>
      json(await imagePrune(engine, query.filters(), operation)),
  },
  {
    method: "POST",
    path: "/images/{name:.*}/tag",
    handler(call) {
      const target = repoTagReference(call.query.get("repo"), call.query.get("tag"));
      if (!target) throw invalidParameter("invalid reference format");
      if (familiarName(target) === "sha256") {
        throw invalidParameter("refusing to create an ambiguous tag using digest algorithm as name");
      }
      imageTag(call.engine, name(call), target);
      return empty(201);
    },
  },
  {
    method: "DELETE",
    path: "/images/{name:.*}",
    async handler(call) {
      const { engine, query, version } = call;
      if (name(call).trim() === "") throw invalidParameter("image name cannot be blank");
      const platforms = atLeast(version, "1.50") ? query.all("platforms").map(decodePlatform) : [];
      if (platforms.length > 1) throw invalidParameter("multiple platforms are not supported");
      const options = {
        force: query.bool("force"),
        prune: !query.bool("noprune"),
        platform: platforms[0] ?? "",
      };
      return json(await imageRemove(engine, name(call), options));
    },
  },
];
