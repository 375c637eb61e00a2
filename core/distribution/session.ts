import { isObject } from "../oci/config.ts";
import { BrokenPipe, readAll, text, utf8, sourceOf } from "../platform/bytes.ts";
import type { ByteSource } from "../platform/bytes.ts";
import { Cancelled } from "../platform/cancellation.ts";
import type { Cancellation } from "../platform/cancellation.ts";
import { responseChallenges } from "./challenges.ts";
import type { Challenge } from "./challenges.ts";
import { basicCredentials, encodeBase64 } from "./credentials.ts";
import type { RegistryAuth } from "./credentials.ts";
import { RegistryError, RequestError, responseError } from "./errors.ts";
import type { HttpClient, HttpResponse } from "./http.ts";
import { parseUrl, resolveUrl, withQuery } from "./url.ts";

export interface SessionOptions {
  http: HttpClient;
  auth: RegistryAuth;
  cancellation: Cancellation;
  /** What a token is asked for: "repository:library/busybox:pull"; "" for none. */
  scope: string;
  userAgent: string;
  /** Asks for a refresh token, as docker login does. */
  offline?: boolean;
}

/** Redirects that are followed for one request. */
const REDIRECTS = 10;
const TOKEN_LIMIT = 1 << 20;

/** Requests to one registry on somebody's behalf: it is asked first how it wants to be asked. */
export class RegistrySession {
  /** "https://registry-1.docker.io". */
  readonly base: string;
  readonly #options: SessionOptions;
  #challenges: Challenge[] = [];
  #tokens = new Map<string, string>();
  /** A refresh token that the registry gave. */
  identityToken = "";

  private constructor(base: string, options: SessionOptions) {
    this.base = base;
    this.#options = options;
  }

  /** Says hello (GET /v2/) and learns the challenges. Rejects with RequestError when nobody answers. */
  static async open(base: string, options: SessionOptions): Promise<RegistrySession> {
    const session = new RegistrySession(base, options);
    const response = await session.#send("GET", `${base}/v2/`, {}, null);
    response.body.cancel();
    session.#challenges = response.status === 401 ? responseChallenges(response) : [];
    return session;
  }

  /**
   * Sends a request with what authorises it, and follows redirects of GET and HEAD. Answers of every status come back.
   * `url` is absolute or a path of this registry. `scope`: further ones, for mounts.
   */
  async request(
    method: string,
    url: string,
    {
      headers = {},
      body = null,
      scopes = [],
    }: { headers?: Record<string, string>; body?: ByteSource | null; scopes?: string[] } = {},
  ): Promise<HttpResponse> {
    let target = resolveUrl(`${this.base}/`, url);
    const host = parseUrl(this.base).host;
    for (let redirects = 0; ; redirects++) {
      const own = parseUrl(target).host === host;
      const authorization = own ? await this.#authorization(method, target, scopes) : undefined;
      const response = await this.#send(
        method,
        target,
        { ...headers, ...(authorization ? { authorization } : {}) },
        body,
      );
      const { location } = response.headers;
      const redirected =
        [301, 302, 303, 307, 308].includes(response.status) &&
        location &&
        (method === "GET" || method === "HEAD");
      if (!redirected) return response;
      response.body.cancel();
      if (redirects === REDIRECTS)
        throw new RequestError(method, target, `stopped after ${REDIRECTS} redirects`);
      target = resolveUrl(target, location);
    }
  }

  /** As request; an answer of status 400 or more is an error. */
  async demand(...parameters: Parameters<RegistrySession["request"]>): Promise<HttpResponse> {
    const response = await this.request(...parameters);
    if (response.status >= 200 && response.status < 400) return response;
    throw await responseError(response);
  }

  async #send(
    method: string,
    url: string,
    headers: Record<string, string>,
    body: ByteSource | null,
  ): Promise<HttpResponse> {
    const { http, cancellation, userAgent } = this.#options;
    cancellation.throwIfCancelled();
    try {
      return await http({
        method,
        url,
        headers: { "user-agent": userAgent, ...headers },
        body,
        cancellation,
      });
    } catch (error) {
      if (error instanceof Cancelled || cancellation.cancelled) throw error;
      if (error instanceof BrokenPipe || error instanceof Error)
        throw new RequestError(method, url, error.message);
      throw error;
    }
  }

  async #authorization(method: string, url: string, scopes: readonly string[]): Promise<string | undefined> {
    const { auth } = this.#options;
    const bearer = this.#challenges.find(({ scheme }) => scheme === "bearer");
    if (bearer) {
      if (auth.registrytoken) return `Bearer ${auth.registrytoken}`;
      return `Bearer ${await this.#token(method, url, bearer, scopes)}`;
    }
    if (!this.#challenges.some(({ scheme }) => scheme === "basic")) return undefined;
    const basic = basicCredentials(auth);
    if (!basic) throw new RequestError(method, url, "no basic auth credentials");
    return `Basic ${encodeBase64(`${basic.username}:${basic.password}`)}`;
  }

  async #token(
    method: string,
    url: string,
    { parameters }: Challenge,
    further: readonly string[],
  ): Promise<string> {
    const { scope } = this.#options;
    const scopes = [...(scope === "" ? [] : [scope]), ...further];
    const key = scopes.join(" ");
    const known = this.#tokens.get(key);
    if (known !== undefined) return known;
    try {
      const token = await this.#fetchToken(parameters, scopes);
      this.#tokens.set(key, token);
      return token;
    } catch (error) {
      if (error instanceof Cancelled) throw error;
      throw new TokenError(method, url, error as Error);
    }
  }

  async #fetchToken(
    { realm = "", service = "" }: Readonly<Record<string, string>>,
    scopes: readonly string[],
  ): Promise<string> {
    const { auth, offline } = this.#options;
    const basic = basicCredentials(auth);
    if (!/^https?:\/\//.test(realm))
      throw new Error("invalid token auth challenge realm: unsupported protocol scheme");
    let response: HttpResponse;
    if (auth.identitytoken) {
      const form = withQuery("", {
        grant_type: "refresh_token",
        service,
        client_id: "docker",
        refresh_token: auth.identitytoken,
        ...(scopes.length > 0 ? { scope: scopes.join(" ") } : {}),
      }).slice(1);
      const headers = {
        "content-type": "application/x-www-form-urlencoded",
        "content-length": String(form.length),
      };
      response = await this.#send("POST", realm, headers, sourceOf(utf8(form)));
    } else {
      let target = withQuery(realm, {
        ...(basic ? { account: basic.username } : {}),
        ...(basic && offline ? { client_id: "docker", offline_token: "true" } : {}),
      });
      for (const scope of scopes) target = withQuery(target, { scope });
      target = withQuery(target, { service });
      const headers: Record<string, string> = basic
        ? { authorization: `Basic ${encodeBase64(`${basic.username}:${basic.password}`)}` }
        : {};
      response = await this.#send("GET", target, headers, null);
    }
    if (response.status < 200 || response.status >= 400) throw await responseError(response);
    const parsed = JSON.parse(text(await readAll(response.body, TOKEN_LIMIT))) as unknown;
    if (!isObject(parsed)) throw new Error("authorization server did not include a token in the response");
    if (typeof parsed.refresh_token === "string") this.identityToken = parsed.refresh_token;
    const token = parsed.access_token ?? parsed.token;
    if (typeof token !== "string" || token === "")
      throw new Error("authorization server did not include a token in the response");
    return token;
  }
}

/** No token was to be had: the request was not sent. */
export class TokenError extends RequestError {
  override name = "TokenError";
  override readonly cause: Error;
  constructor(method: string, url: string, cause: Error) {
    super(method, url, cause.message);
    this.cause = cause;
  }

  get unauthorized(): boolean {
    return this.cause instanceof RegistryError && this.cause.code === "UNAUTHORIZED";
  }
}
