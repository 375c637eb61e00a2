import type { RegistryAuth } from "../distribution/credentials.ts";
import { openSession } from "./distribution/connect.ts";
import { lookupEndpoints } from "../distribution/endpoints.ts";
import { RequestError, statusText } from "../distribution/errors.ts";
import { TokenError } from "../distribution/session.ts";
import { DockerError, systemError, unauthorized } from "../errors/errors.ts";
import { Cancelled } from "../platform/cancellation.ts";
import type { Engine, Operation } from "./engine.ts";

/** What docker login is told. */
export interface AuthAnswer {
  Status: string;
  /** Instead of the password, where the registry gives one. */
  IdentityToken: string;
}

/** Whether a registry takes these credentials. Throws unauthorized with the registry's words. */
export async function registryLogin(
  engine: Engine,
  operation: Operation,
  auth: RegistryAuth,
): Promise<AuthAnswer> {
  const address = (auth.serveraddress || "index.docker.io").replace(/^https?:\/\//, "");
  const host = address.split("/")[0]!;
  let last: unknown;
  for (const { url } of lookupEndpoints(engine.settings, host, false)) {
    try {
      const session = await openSession(engine, operation, url, auth, "", true);
      const response = await session.request("GET", `${url}/v2/`);
      response.body.cancel();
      if (response.status !== 200) {
        throw new Error(
          `login attempt to ${url}/v2/ failed with status: ${response.status} ${statusText(response.status)}`,
        );
      }
      return { Status: "Login Succeeded", IdentityToken: session.identityToken };
    } catch (error) {
      if (error instanceof Cancelled) throw error;
      if (error instanceof TokenError && error.unauthorized) throw unauthorized(error.message);
      last = error;
    }
  }
  if (last instanceof DockerError) throw last;
  throw systemError(last instanceof RequestError || last instanceof Error ? last.message : String(last));
}
