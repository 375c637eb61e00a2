import { decodeRegistryAuth } from "../../distribution/credentials.ts";
import type { RegistryAuth } from "../../distribution/credentials.ts";
import { registryLogin } from "../../engine/auth.ts";
import { distributionInspect } from "../../engine/image/distribution.ts";
import { invalidParameter } from "../../errors/errors.ts";
import { parseRef } from "../../images/store.ts";
import { isImageId } from "../../oci/reference.ts";
import { requiredJsonBody } from "../call.ts";
import type { Shape } from "../json/decode.ts";
import { json } from "../responses.ts";
import type { Route } from "../router.ts";

const authRequest: Shape = {
  struct: "AuthConfig",
  fields: {
    username: "string",
    password: "string",
    auth: "string",
    email: "string",
    serveraddress: "string",
    identitytoken: "string",
    registrytoken: "string",
  },
};

/** What is asked of registries without an image being here: login, and what a name stands for there. */
export const registryRoutes: readonly Route[] = [
  {
    method: "POST",
    path: "/auth",
    async handler(call) {
      const auth = await requiredJsonBody<RegistryAuth>(call, authRequest);
      return json(await registryLogin(call.engine, call.operation, auth));
    },
  },
  {
    method: "GET",
    path: "/distribution/{name:.*}/json",
    since: "1.30",
    async handler({ engine, operation, params, request }) {
      const name = params.name!;
      if (isImageId(name)) throw invalidParameter(`unknown image reference format: ${name}`);
      const auth = decodeRegistryAuth(request.headers["x-registry-auth"]);
      return json(await distributionInspect(engine, operation, parseRef(name), auth));
    },
  },
];
