import { basicCredentials, decodeBase64, encodeBase64 } from "../../distribution/credentials.ts";
import type { HttpRequest, HttpResponse } from "../../distribution/http.ts";
import { answer, jsonAnswer, refusal, ServerError } from "../../distribution/server/answers.ts";
import { parseUrl } from "../../distribution/url.ts";
import { text } from "../../platform/bytes.ts";
import type { MetadataStore } from "../../platform/metadata.ts";
import { sourceOf } from "../../platform/bytes.ts";
import type { CatalogueImage } from "./catalogue/catalogue.ts";
import { HubRegistry } from "./hub-registry.ts";

/** The one account that there is. */
const account = { username: "moby", password: "whale" };

/** Docker Hub: answers requests to its hosts. */
export class Hub {
  readonly #images: readonly CatalogueImage[];
  readonly #registry: HubRegistry;

  constructor(images: readonly CatalogueImage[], metadata?: MetadataStore) {
    this.#images = images;
    this.#registry = new HubRegistry(images, metadata);
  }

  async answer(request: HttpRequest): Promise<HttpResponse> {
    const { scheme, host, target } = parseUrl(request.url);
    const name = host.replace(/:\d+$/, "");
    if (scheme === "http") return answer(301, { location: `https://${name}${target}` });
    const response = this.#route(name, target, request);
    return request.method === "HEAD" ? { ...response, body: sourceOf() } : response;
  }

  #route(host: string, target: string, request: HttpRequest): HttpResponse {
    const [path = "", query = ""] = target.split("?");
    try {
      if (host === "auth.docker.io") return this.#token(path, parameters(query), request);
      if (host === "index.docker.io" && path === "/v1/search") return this.#search(parameters(query));
      if (host === "registry-1.docker.io") return this.#v2(path, request);
      return answer(404, { "content-type": "text/plain; charset=utf-8" });
    } catch (error) {
      if (error instanceof ServerError) return refusal([error]);
      throw error;
    }
  }

  /** Hands out tokens that say what they are good for: pulling what there is, nothing else. */
  #token(path: string, query: readonly [string, string][], request: HttpRequest): HttpResponse {
    if (path !== "/token") return answer(404);
    const header = /^Basic (.+)$/.exec(request.headers.authorization ?? "");
    const given = header ? basicCredentials({ auth: header[1]! }) : undefined;
    if (header && (given?.username !== account.username || given.password !== account.password)) {
      return jsonAnswer({ details: "incorrect username or password" }, {}, 401);
    }
    const granted = query
      .filter(([name]) => name === "scope")
      .flatMap(([, scope]) => scope.split(" "))
      .map((scope) => /^repository:(.+):(?:.*,)?pull(?:,.*)?$/.exec(scope)?.[1])
      .filter((repository) => repository !== undefined && this.#registry.has(repository));
    const token = encodeBase64(JSON.stringify({ access: granted })).replace(/=+$/, "");
    return jsonAnswer({ token, access_token: token, expires_in: 300 });
  }

  #v2(path: string, request: HttpRequest): HttpResponse {
    const token = /^Bearer (.+)$/.exec(request.headers.authorization ?? "")?.[1];
    const repository = /^\/v2\/(.+?)\/(?:manifests|blobs|tags)\//.exec(path)?.[1];
    const challenge = `Bearer realm="https://auth.docker.io/token",service="registry.docker.io"`;
    if (token === undefined) {
      const scope = repository ? `,scope="repository:${repository}:pull"` : "";
      throw new ServerError("UNAUTHORIZED", null, { "www-authenticate": `${challenge}${scope}` });
    }
    if (path === "/v2/") return jsonAnswer({});
    const isRead = request.method === "GET" || request.method === "HEAD";
    if (repository === undefined || !isRead || !accessOf(token).includes(repository)) {
      const scope = `scope="repository:${repository ?? ""}:${isRead ? "pull" : "push,pull"}",error="insufficient_scope"`;
      throw new ServerError(
        "UNAUTHORIZED",
        [{ Type: "repository", Class: "", Name: repository ?? "", Action: isRead ? "pull" : "push" }],
        {
          "www-authenticate": `${challenge},${scope}`,
        },
      );
    }
    return this.#registry.answer(path, repository, request);
  }

  #search(query: readonly [string, string][]): HttpResponse {
    const values = new Map(query);
    const term = (values.get("q") ?? "").toLowerCase();
    const size = Math.min(100, Number(values.get("n")) || 25);
    const name = ({ repository }: CatalogueImage) => repository.replace(/^library\//, "");
    const found = this.#images
      .filter((image) => name(image).includes(term) || image.description.toLowerCase().includes(term))
      .sort((a, b) => Number(name(b) === term) - Number(name(a) === term) || b.stars - a.stars);
    const results = found.slice(0, size).map((image) => ({
      is_automated: false,
      name: name(image),
      is_official: image.official,
      star_count: image.stars,
      description: image.description,
    }));
    return jsonAnswer({
      num_pages: 1,
      num_results: found.length,
      page: 1,
      page_size: size,
      query: term,
      results,
    });
  }
}

/** The repositories that a token lets one pull from. */
function accessOf(token: string): string[] {
  try {
    const { access } = JSON.parse(text(decodeBase64(token))) as { access: string[] };
    return access;
  } catch {
    return [];
  }
}

function parameters(query: string): [string, string][] {
  const decode = (value = "") => decodeURIComponent(value.replaceAll("+", " "));
  return query.split("&").map((pair) => {
    const [name, value] = pair.split("=");
    return [decode(name), decode(value)];
  });
}
