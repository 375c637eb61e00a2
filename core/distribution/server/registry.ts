import { isDigest } from "../../oci/digest.ts";
import { isObject } from "../../oci/config.ts";
import { isIndex, isManifest } from "../../oci/manifest.ts";
import { readAll, sourceOf, text, utf8 } from "../../platform/bytes.ts";
import type { ByteSource } from "../../platform/bytes.ts";
import type { Codecs } from "../../platform/digests.ts";
import { hex } from "../../platform/random.ts";
import type { Random } from "../../platform/random.ts";
import { formatTime } from "../../platform/time.ts";
import { basicCredentials } from "../credentials.ts";
import type { HttpResponse } from "../http.ts";
import { answer, jsonAnswer, refusal, ServerError } from "./answers.ts";
import type { RegistryFiles } from "./files.ts";
import { RegistryStorage } from "./storage.ts";

export interface RegistryServerOptions {
  /** The directory that it keeps its data in: /var/lib/registry. */
  files: RegistryFiles;
  codecs: Codecs;
  random: Random;
  now: () => bigint;
  /** Asks for a name and a password (HTTP's Basic). */
  basic?: { realm: string; check(username: string, password: string): boolean };
  /** REGISTRY_STORAGE_DELETE_ENABLED. */
  deletes?: boolean;
}

/** One request to a registry. */
export interface RegistryRequest {
  method: string;
  /** Path and query: "/v2/_catalog?n=2". */
  target: string;
  /** By lower-case name. */
  headers: Readonly<Record<string, string>>;
  body: ByteSource | null;
}

const MANIFEST_LIMIT = 4 << 20;
const component = "[a-z0-9]+(?:(?:[._]|__|-+)[a-z0-9]+)*";
const namePattern = new RegExp(`^${component}(?:/${component})*$`);
const tagPattern = /^\w[\w.-]{0,127}$/;

/** A registry as distribution 2.8 serves it, over a directory. Every request gets an answer. */
export class RegistryServer {
  readonly #options: RegistryServerOptions;
  readonly #storage: RegistryStorage;

  constructor(options: RegistryServerOptions) {
    this.#options = options;
    this.#storage = new RegistryStorage(options.files);
  }

  async handle(request: RegistryRequest): Promise<HttpResponse> {
    try {
      const response = await this.#route(request);
      return request.method === "HEAD" ? { ...response, body: sourceOf() } : response;
    } catch (error) {
      if (!(error instanceof ServerError)) throw error;
      const refused = refusal(error.detail instanceof Refusals ? error.detail.errors : [error]);
      return request.method === "HEAD" ? { ...refused, body: sourceOf() } : refused;
    }
  }

  async #route(request: RegistryRequest): Promise<HttpResponse> {
    const [path = "", query = ""] = request.target.split("?");
    if (path === "/" || path === "") return answer(200, { "cache-control": "no-cache" });
    if (path === "/v2") return answer(301, { location: "/v2/" });
    if (!path.startsWith("/v2/")) return notFoundPage();
    this.#authorize(request);
    const parameters = new Map(
      query.split("&").map((pair) => pair.split("=").map(decode) as [string, string]),
    );
    if (path === "/v2/") return jsonAnswer({}, {}, 200);
    if (path === "/v2/_catalog") return this.#get(request, () => this.#catalog(parameters));
    const parts =
      /^\/v2\/(.+?)\/(?:(tags\/list)|manifests\/([^/]+)|blobs\/uploads\/?([^/]*)|blobs\/([^/]+))$/.exec(path);
    if (!parts) return notFoundPage();
    const [, repository = "", tags, reference, upload, digest] = parts;
    if (!namePattern.test(repository))
      throw new ServerError("NAME_INVALID", { Name: repository, Reason: {} });
    if (tags) return this.#get(request, () => this.#tags(repository, parameters));
    if (reference !== undefined) return this.#manifest(request, repository, reference);
    if (digest !== undefined) return this.#blob(request, repository, digest);
    if (upload === "") return this.#startUpload(request, repository, parameters);
    return this.#upload(request, repository, upload!, parameters);
  }

  #get(request: RegistryRequest, work: () => Promise<HttpResponse>): Promise<HttpResponse> {
    if (request.method !== "GET") throw new ServerError("UNSUPPORTED");
    return work();
  }

  #authorize(request: RegistryRequest): void {
    const { basic } = this.#options;
    if (!basic) return;
    const header = /^Basic (.+)$/i.exec(request.headers.authorization ?? "");
    const given = header ? basicCredentials({ auth: header[1]! }) : undefined;
    if (given && basic.check(given.username, given.password)) return;
    throw new ServerError("UNAUTHORIZED", null, { "www-authenticate": `Basic realm="${basic.realm}"` });
  }

  async #catalog(parameters: ReadonlyMap<string, string>): Promise<HttpResponse> {
    const { page, link } = paginate(await this.#storage.repositories(), parameters, "/v2/_catalog", 100);
    return jsonAnswer({ repositories: page }, link);
  }

  async #tags(repository: string, parameters: ReadonlyMap<string, string>): Promise<HttpResponse> {
    if (!(await this.#storage.hasRepository(repository)))
      throw new ServerError("NAME_UNKNOWN", { name: repository });
    const tags = await this.#storage.tags(repository);
    const { page, link } = paginate(tags, parameters, `/v2/${repository}/tags/list`, Infinity);
    return jsonAnswer({ name: repository, tags: page.length > 0 ? page : tags.length > 0 ? [] : null }, link);
  }

  async #manifest(request: RegistryRequest, repository: string, reference: string): Promise<HttpResponse> {
    const byDigest = reference.includes(":");
    if (byDigest ? !isDigest(reference) : !tagPattern.test(reference))
      throw new ServerError(byDigest ? "DIGEST_INVALID" : "TAG_INVALID");
    if (request.method === "PUT") return this.#putManifest(request, repository, reference, byDigest);
    if (request.method === "DELETE") {
      if (!this.#options.deletes || !byDigest) throw new ServerError("UNSUPPORTED");
      if (!(await this.#storage.hasManifest(repository, reference)))
        throw new ServerError("MANIFEST_UNKNOWN");
      await this.#storage.unlinkManifest(repository, reference);
      return answer(202);
    }
    if (request.method !== "GET" && request.method !== "HEAD") throw new ServerError("UNSUPPORTED");
    const digest = byDigest ? reference : await this.#storage.tag(repository, reference);
    if (digest === undefined) throw new ServerError("MANIFEST_UNKNOWN", { Tag: reference });
    const known = await this.#storage.hasManifest(repository, digest);
    if (!known || (await this.#storage.blobSize(digest)) === undefined) {
      throw new ServerError("MANIFEST_UNKNOWN", { Name: repository, Revision: digest });
    }
    const bytes = await this.#storage.readBlob(digest);
    const etag = `"${digest}"`;
    if (request.headers["if-none-match"] === etag) return answer(304);
    return answer(200, { "content-type": manifestType(bytes), "docker-content-digest": digest, etag }, bytes);
  }

  async #putManifest(
    request: RegistryRequest,
    repository: string,
    reference: string,
    byDigest: boolean,
  ): Promise<HttpResponse> {
    const bytes = request.body ? await readAll(request.body, MANIFEST_LIMIT) : new Uint8Array(0);
    const digest = await this.#digest(sourceOf(bytes));
    if (byDigest && digest !== reference) throw new ServerError("DIGEST_INVALID");
    const parsed = parseJson(bytes);
    const missing: string[] = [];
    if (isManifest(parsed)) {
      for (const descriptor of [parsed.config, ...parsed.layers]) {
        if (!(await this.#storage.hasLayer(repository, descriptor.digest))) missing.push(descriptor.digest);
      }
    } else if (isIndex(parsed)) {
      for (const { digest: entry } of parsed.manifests)
        if (!(await this.#storage.hasManifest(repository, entry))) missing.push(entry);
    } else throw new ServerError("MANIFEST_INVALID", {});
    if (missing.length > 0) {
      throw new ServerError(
        "MANIFEST_BLOB_UNKNOWN",
        new Refusals(missing.map((blob) => new ServerError("MANIFEST_BLOB_UNKNOWN", blob))),
      );
    }
    await this.#storage.addBlob(digest, bytes);
    await this.#storage.linkManifest(repository, digest);
    if (!byDigest) await this.#storage.setTag(repository, reference, digest);
    const location = `${base(request)}/v2/${repository}/manifests/${digest}`;
    return answer(201, { location, "docker-content-digest": digest });
  }

  async #blob(request: RegistryRequest, repository: string, digest: string): Promise<HttpResponse> {
    if (!isDigest(digest)) throw new ServerError("DIGEST_INVALID");
    const size = (await this.#storage.hasLayer(repository, digest))
      ? await this.#storage.blobSize(digest)
      : undefined;
    if (size === undefined) throw new ServerError("BLOB_UNKNOWN", digest);
    if (request.method === "DELETE") {
      if (!this.#options.deletes) throw new ServerError("UNSUPPORTED");
      await this.#storage.unlinkLayer(repository, digest);
      return answer(202);
    }
    if (request.method !== "GET" && request.method !== "HEAD") throw new ServerError("UNSUPPORTED");
    const headers = {
      "accept-ranges": "bytes",
      "cache-control": "max-age=31536000",
      "content-type": "application/octet-stream",
      "docker-content-digest": digest,
      etag: `"${digest}"`,
    };
    const range = /^bytes=(\d+)-(\d*)$/.exec(request.headers.range ?? "");
    const part = async (status: number, more: Record<string, string>, start: number, length: number) => {
      const response = answer(status, { ...headers, ...more, "content-length": String(length) });
      return request.method === "HEAD"
        ? response
        : { ...response, body: await this.#storage.openBlob(digest, start, length) };
    };
    if (!range) return part(200, {}, 0, size);
    const start = Number(range[1]);
    const end = Math.min(range[2] ? Number(range[2]) : Infinity, size - 1);
    if (start > end) return answer(416, { "content-range": `bytes */${size}` });
    return part(206, { "content-range": `bytes ${start}-${end}/${size}` }, start, end - start + 1);
  }

  async #startUpload(
    request: RegistryRequest,
    repository: string,
    parameters: ReadonlyMap<string, string>,
  ): Promise<HttpResponse> {
    if (request.method !== "POST") throw new ServerError("UNSUPPORTED");
    const mount = parameters.get("mount") ?? "";
    const from = parameters.get("from") ?? "";
    if (isDigest(mount) && from !== "" && (await this.#storage.hasLayer(from, mount))) {
      await this.#storage.linkLayer(repository, mount);
      return this.#created(request, repository, mount);
    }
    const upload = this.#uuid();
    await this.#storage.startUpload(repository, upload, formatTime(this.#options.now()));
    const digest = parameters.get("digest");
    if (digest !== undefined) return this.#finish(request, repository, upload, digest);
    return this.#accepted(request, repository, upload, 0);
  }

  async #upload(
    request: RegistryRequest,
    repository: string,
    upload: string,
    parameters: ReadonlyMap<string, string>,
  ): Promise<HttpResponse> {
    const size = await this.#storage.uploadSize(repository, upload);
    if (size === undefined) throw new ServerError("BLOB_UPLOAD_UNKNOWN");
    switch (request.method) {
      case "GET":
      case "HEAD":
        return answer(204, this.#uploadHeaders(request, repository, upload, size));
      case "PATCH":
        return this.#accepted(
          request,
          repository,
          upload,
          await this.#append(request, repository, upload, size),
        );
      case "PUT":
        return this.#finish(request, repository, upload, parameters.get("digest") ?? "");
      case "DELETE":
        await this.#storage.endUpload(repository, upload);
        return answer(204, { "docker-upload-uuid": upload });
      default:
        throw new ServerError("UNSUPPORTED");
    }
  }

  async #append(request: RegistryRequest, repository: string, upload: string, size: number): Promise<number> {
    const range = /^(\d+)-(\d+)$/.exec(request.headers["content-range"] ?? "");
    if (range && Number(range[1]) !== size) throw new ServerError("RANGE_INVALID");
    return request.body ? this.#storage.append(repository, upload, request.body) : size;
  }

  async #finish(
    request: RegistryRequest,
    repository: string,
    upload: string,
    digest: string,
  ): Promise<HttpResponse> {
    if (!isDigest(digest))
      throw new ServerError("DIGEST_INVALID", digest === "" ? "digest missing" : "digest parsing failed");
    const before = (await this.#storage.uploadSize(repository, upload)) ?? 0;
    const size = await this.#append(request, repository, upload, before);
    if ((await this.#digest(await this.#storage.openUpload(repository, upload, size))) !== digest) {
      await this.#storage.endUpload(repository, upload);
      throw new ServerError(
        "DIGEST_INVALID",
        `invalid digest for referenced layer: ${digest}, content does not match digest`,
      );
    }
    await this.#storage.finishUpload(repository, upload, digest);
    return this.#created(request, repository, digest);
  }

  #created(request: RegistryRequest, repository: string, digest: string): HttpResponse {
    return answer(201, {
      location: `${base(request)}/v2/${repository}/blobs/${digest}`,
      "docker-content-digest": digest,
    });
  }

  #accepted(request: RegistryRequest, repository: string, upload: string, size: number): HttpResponse {
    return answer(202, this.#uploadHeaders(request, repository, upload, size));
  }

  #uploadHeaders(
    request: RegistryRequest,
    repository: string,
    upload: string,
    size: number,
  ): Record<string, string> {
    return {
      location: `${base(request)}/v2/${repository}/blobs/uploads/${upload}?_state=${upload.replaceAll("-", "")}`,
      range: `0-${Math.max(0, size - 1)}`,
      "docker-upload-uuid": upload,
    };
  }

  async #digest(source: ByteSource): Promise<string> {
    const hash = this.#options.codecs.sha256();
    for (let bytes = await source.read(); bytes; bytes = await source.read()) hash.update(bytes);
    return `sha256:${hash.hex()}`;
  }

  #uuid(): string {
    const digits = hex(this.#options.random.bytes(16));
    return `${digits.slice(0, 8)}-${digits.slice(8, 12)}-4${digits.slice(13, 16)}-a${digits.slice(17, 20)}-${digits.slice(20)}`;
  }
}

/** Several refusals of one request. */
class Refusals {
  readonly errors: ServerError[];
  constructor(errors: ServerError[]) {
    this.errors = errors;
  }
}

function notFoundPage(): HttpResponse {
  return answer(404, { "content-type": "text/plain; charset=utf-8" }, utf8("404 page not found\n"));
}

function base(request: RegistryRequest): string {
  const scheme = request.headers["x-forwarded-proto"] === "https" ? "https" : "http";
  return `${scheme}://${request.headers.host ?? "localhost"}`;
}

function manifestType(bytes: Uint8Array): string {
  const parsed = parseJson(bytes);
  const declared = isObject(parsed) && typeof parsed.mediaType === "string" ? parsed.mediaType : "";
  return (
    declared ||
    (isIndex(parsed)
      ? "application/vnd.oci.image.index.v1+json"
      : "application/vnd.oci.image.manifest.v1+json")
  );
}

function parseJson(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(text(bytes));
  } catch {
    return undefined;
  }
}

function decode(encoded = ""): string {
  try {
    return decodeURIComponent(encoded.replaceAll("+", " "));
  } catch {
    return encoded;
  }
}

/** The part of a list that `n` and `last` ask for, and the link to the next. */
function paginate(
  all: readonly string[],
  parameters: ReadonlyMap<string, string>,
  path: string,
  otherwise: number,
): { page: string[]; link: Record<string, string> } {
  const n = parameters.get("n");
  const count = n === undefined || n === "" ? otherwise : Number(n);
  if (n && !/^\d+$/.test(n)) throw new ServerError("PAGINATION_NUMBER_INVALID", { n });
  const last = parameters.get("last") ?? "";
  const left = last === "" ? all : all.filter((name) => name > last);
  const page = left.slice(0, count);
  const more = page.length > 0 && left.length > page.length;
  const next = `${path}?last=${encodeURIComponent(page.at(-1) ?? "")}&n=${count}`;
  return { page, link: more ? { link: `<${next}>; rel="next"` } : {} };
}
