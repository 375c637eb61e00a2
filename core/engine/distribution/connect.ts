import type { Engine, Operation } from "../engine.ts";
import { fullName } from "../../oci/reference.ts";
import type { ImageRef } from "../../oci/reference.ts";
import { forbidden } from "../../errors/errors.ts";
import { Cancelled } from "../../platform/cancellation.ts";
import type { RegistryAuth } from "../../distribution/credentials.ts";
import { lookupEndpoints } from "../../distribution/endpoints.ts";
import type { Endpoint } from "../../distribution/endpoints.ts";
import { RegistryError, RequestError, UnexpectedResponse } from "../../distribution/errors.ts";
import { RemoteRepository } from "../../distribution/repository.ts";
import { RegistrySession, TokenError } from "../../distribution/session.ts";

/**
 * Does `work` with a repository at the first endpoint where that succeeds; goes on to the next where Docker does. Rejects with the
 * last endpoint's error.
 */
export async function atEndpoints<T>(
  engine: Engine,
  operation: Operation,
  {
    imageRef,
    auth,
    actions,
    mirrors,
  }: { imageRef: ImageRef; auth: RegistryAuth; actions: string; mirrors: boolean },
  work: (repository: RemoteRepository, session: RegistrySession) => Promise<T>,
): Promise<T> {
  if (fullName(imageRef) === "docker.io/library/scratch") throw forbidden("'scratch' is a reserved name");
  // A registry that has answered over TLS is not asked again without.
  const confirmed = new Set<string>();
  let last: unknown;
  for (const endpoint of lookupEndpoints(engine.settings, imageRef.domain, mirrors)) {
    const host = endpoint.url.replace(/^https?:\/\//, "");
    if (endpoint.url.startsWith("http://") && confirmed.has(host)) continue;
    let connected = false;
    try {
      const session = await openSession(
        engine,
        operation,
        endpoint.url,
        auth,
        `repository:${imageRef.path}:${actions}`,
      );
      connected = true;
      operation.trace.note("registry", "connect", { endpoint: endpoint.url, repository: imageRef.path });
      return await work(new RemoteRepository(session, imageRef.path, engine.codecs), session);
    } catch (error) {
      if (!isWorthAnother(error, connected, endpoint)) throw error;
      if (connected && endpoint.url.startsWith("https://")) confirmed.add(host);
      last = error;
    }
  }
  throw last;
}

export function openSession(
  engine: Engine,
  operation: Operation,
  url: string,
  auth: RegistryAuth,
  scope: string,
  offline = false,
): Promise<RegistrySession> {
  const { version, kernelVersion, osType, goArch } = engine.settings;
  const userAgent = `docker/${version} go/go1.24.9 git-commit/${version} kernel/${kernelVersion} os/${osType} arch/${goArch}`;
  return RegistrySession.open(url, {
    http: engine.http,
    auth,
    cancellation: operation.cancellation,
    scope,
    userAgent,
    offline,
  });
}

/** Whether Docker tries the next endpoint after this error. */
function isWorthAnother(error: unknown, connected: boolean, { mirror }: Endpoint): boolean {
  if (error instanceof Cancelled) return false;
  if (!connected) return true;
  if (error instanceof RegistryError || (error instanceof TokenError && error.cause instanceof RegistryError))
    return mirror;
  return error instanceof UnexpectedResponse || error instanceof RequestError || mirror;
}
