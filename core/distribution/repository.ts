import type { Digest } from "../content/store.ts";
import { isObject } from "../oci/config.ts";
import { mediaTypes } from "../oci/manifest.ts";
import { readAll, sourceOf, text } from "../platform/bytes.ts";
import type { ByteSource } from "../platform/bytes.ts";
import type { Codecs } from "../platform/digests.ts";
import { responseError, UnexpectedResponse } from "./errors.ts";
import type { HttpResponse } from "./http.ts";
import type { RegistrySession } from "./session.ts";
import { resolveUrl, withQuery } from "./url.ts";

const MANIFEST_LIMIT = 4 << 20;

/** In the order in which Docker asks for them. */
const accepted = [
  mediaTypes.manifestList,
  mediaTypes.ociIndex,
  "application/vnd.docker.distribution.manifest.v1+prettyjws",
  "application/json",
  mediaTypes.manifest,
  mediaTypes.ociManifest,
].join(", ");

export interface RemoteManifest {
  mediaType: string;
  digest: Digest;
  bytes: Uint8Array;
}

/** A blob that a registry does not have. */
export class BlobUnknown extends Error {
  override name = "BlobUnknown";
  constructor() {
    super("unknown blob");
  }
}

/** One repository of a registry. */
export class RemoteRepository {
  /** "library/busybox". */
  readonly path: string;
  readonly #session: RegistrySession;
  readonly #codecs: Codecs;

  constructor(session: RegistrySession, path: string, codecs: Codecs) {
    this.#session = session;
    this.path = path;
    this.#codecs = codecs;
  }

  async tags(): Promise<string[]> {
    const tags: string[] = [];
    let next: string | undefined = this.#url("tags/list");
    while (next !== undefined) {
      const response = await this.#session.demand("GET", next);
      const parsed: unknown = JSON.parse(text(await readAll(response.body, MANIFEST_LIMIT)));
      const found = isObject(parsed) && Array.isArray(parsed.tags) ? parsed.tags : [];
      tags.push(...found.filter((tag): tag is string => typeof tag === "string"));
      const link = /^<([^>]+)>;\s*rel="next"/.exec(response.headers.link ?? "");
      next = link ? resolveUrl(resolveUrl(`${this.#session.base}/`, next), link[1]!) : undefined;
    }
    return tags;
  }

  /** What a tag points at. */
  async resolve(tag: string): Promise<{ digest: Digest; mediaType: string; size: number }> {
    const head = await this.#session.request("HEAD", this.#url(`manifests/${tag}`), {
      headers: { accept: accepted },
    });
    const fromHead = this.#described(head);
    head.body.cancel();
    if (fromHead) return fromHead;
    // An answer to HEAD has no body, so the reason of a refusal has to be asked for.
    const response = await this.#session.demand("GET", this.#url(`manifests/${tag}`), {
      headers: { accept: accepted },
    });
    const bytes = await readAll(response.body, MANIFEST_LIMIT);
    return (
      this.#described(response) ?? {
        digest: this.#digest(bytes),
        mediaType: mediaTypeOf(response),
        size: bytes.length,
      }
    );
  }

  #described(response: HttpResponse): { digest: Digest; mediaType: string; size: number } | undefined {
    const digest = response.headers["docker-content-digest"];
    if (response.status < 200 || response.status >= 400 || !digest) return undefined;
    return {
      digest,
      mediaType: mediaTypeOf(response),
      size: Number(response.headers["content-length"] ?? 0),
    };
  }

  /** Rejects when what comes is not what the digest says. */
  async manifest(digest: Digest): Promise<RemoteManifest> {
    const response = await this.#session.demand("GET", this.#url(`manifests/${digest}`), {
      headers: { accept: accepted },
    });
    const bytes = await readAll(response.body, MANIFEST_LIMIT);
    if (this.#digest(bytes) !== digest) throw new Error(`manifest verification failed for digest ${digest}`);
    return { mediaType: mediaTypeOf(response), digest, bytes };
  }

  async putManifest(reference: string, mediaType: string, bytes: Uint8Array): Promise<void> {
    const headers = { "content-type": mediaType, "content-length": String(bytes.length) };
    const response = await this.#session.demand("PUT", this.#url(`manifests/${reference}`), {
      headers,
      body: sourceOf(bytes),
    });
    response.body.cancel();
  }

  /** A blob's bytes from `offset`. Rejects with BlobUnknown. */
  async blob(digest: Digest, offset = 0): Promise<{ body: ByteSource; size: number; offset: number }> {
    const headers: Record<string, string> = offset > 0 ? { range: `bytes=${offset}-` } : {};
    const response = await this.#session.request("GET", this.#url(`blobs/${digest}`), { headers });
    if (response.status === 404) {
      response.body.cancel();
      throw new BlobUnknown();
    }
    if (response.status >= 400) throw await responseError(response);
    const length = Number(response.headers["content-length"] ?? 0);
    // A server that knows no ranges sends all of it again.
    const at = response.status === 206 ? offset : 0;
    return { body: response.body, size: length === 0 ? 0 : at + length, offset: at };
  }

  /** Its size, or undefined when it is not there. */
  async hasBlob(digest: Digest): Promise<number | undefined> {
    const response = await this.#session.request("HEAD", this.#url(`blobs/${digest}`));
    response.body.cancel();
    if (response.status === 404) return undefined;
    if (response.status >= 400) throw await responseError(response);
    return Number(response.headers["content-length"] ?? 0);
  }

  /** Begins an upload, or takes the blob over from another repository of the registry: then there is nothing to upload. */
  async startUpload(mount?: { digest: Digest; from: string }): Promise<BlobUpload | "mounted"> {
    const start = this.#url("blobs/uploads/");
    const url = mount ? withQuery(start, { from: mount.from, mount: mount.digest }) : start;
    const scopes = mount ? [`repository:${mount.from}:pull`] : [];
    const response = await this.#session.demand("POST", url, { headers: { "content-length": "0" }, scopes });
    response.body.cancel();
    if (response.status === 201) return "mounted";
    const location = response.headers.location;
    if (response.status !== 202 || !location) throw await responseError(response);
    return new BlobUpload(this.#session, resolveUrl(resolveUrl(`${this.#session.base}/`, url), location));
  }

  #url(path: string): string {
    return `${this.#session.base}/v2/${this.path}/${path}`;
  }

  #digest(bytes: Uint8Array): Digest {
    return `sha256:${this.#codecs.sha256().update(bytes).hex()}`;
  }
}

/** An upload under way. */
export class BlobUpload {
  readonly #session: RegistrySession;
  #location: string;

  constructor(session: RegistrySession, location: string) {
    this.#session = session;
    this.#location = location;
  }

  /** Sends bytes; ends when the registry has all of them. */
  async send(body: ByteSource): Promise<void> {
    const headers = { "content-type": "application/octet-stream" };
    const response = await this.#session.demand("PATCH", this.#location, { headers, body });
    response.body.cancel();
    const { location } = response.headers;
    if (response.status !== 202 || !location)
      throw new UnexpectedResponse("the registry did not take the upload", response.status);
    this.#location = resolveUrl(this.#location, location);
  }

  /** The registry checks the digest. */
  async finish(digest: Digest): Promise<void> {
    const response = await this.#session.demand("PUT", withQuery(this.#location, { digest }), {
      headers: { "content-length": "0" },
    });
    response.body.cancel();
  }

  async cancel(): Promise<void> {
    const response = await this.#session.request("DELETE", this.#location);
    response.body.cancel();
  }
}

function mediaTypeOf(response: HttpResponse): string {
  return (response.headers["content-type"] ?? "").split(";")[0]!.trim();
}
