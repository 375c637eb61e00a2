import type { RegistryAuth } from "../../distribution/credentials.ts";
import { basicCredentials, encodeBase64 } from "../../distribution/credentials.ts";
import { isInsecure } from "../../distribution/endpoints.ts";
import { invalidParameter, systemError } from "../../errors/errors.ts";
import { isObject } from "../../oci/config.ts";
import { readAll, text } from "../../platform/bytes.ts";
import type { Engine, Operation } from "../engine.ts";
import type { Filters } from "../../filters/filters.ts";

/** One line of docker search. */
export interface SearchResult {
  star_count: number;
  is_official: boolean;
  name: string;
  is_automated: boolean;
  description: string;
}

export interface ImageSearchOptions {
  term: string;
  /** 0 is Docker's own, 25. */
  limit: number;
  filters: Filters;
  auth: RegistryAuth;
}

const ANSWER_LIMIT = 8 << 20;

/** Asks an index (Docker Hub, or the registry that the term names) for repositories. */
export async function imageSearch(
  engine: Engine,
  operation: Operation,
  options: ImageSearchOptions,
): Promise<SearchResult[]> {
  const { term, limit, filters, auth } = options;
  filters.validate(["is-automated", "is-official", "stars"]);
  // Docker Hub says it of none any more.
  if (filters.bool("is-automated")) return [];
  const official = filters.bool("is-official");
  const stars = Math.max(0, ...filters.get("stars").map(parseStars));
  if (term.includes("://"))
    throw invalidParameter(`invalid repository name: repository name (${term}) should not have a scheme`);
  const results = await ask(engine, operation, term, limit || 25, auth);
  return results
    .filter(
      ({ is_official, star_count }) =>
        (!filters.has("is-official") || is_official === official) && star_count >= stars,
    )
    .map((result) => ({ ...result, is_automated: false }));
}

function parseStars(value: string): number {
  if (/^[+-]?\d+$/.test(value)) return Number(value);
  throw invalidParameter(
    `invalid filter 'stars=${value}': strconv.Atoi: parsing ${JSON.stringify(value)}: invalid syntax`,
  );
}

async function ask(
  engine: Engine,
  operation: Operation,
  term: string,
  limit: number,
  auth: RegistryAuth,
): Promise<SearchResult[]> {
  if (limit < 1 || limit > 100) throw invalidParameter(`limit ${limit} is outside the range of [1, 100]`);
  const slash = term.indexOf("/");
  const first = slash < 0 ? "" : term.slice(0, slash);
  const elsewhere = first === "localhost" || /[.:]/.test(first);
  const host = elsewhere ? first : "index.docker.io";
  const name = elsewhere ? term.slice(slash + 1) : term.replace(/^library\//, "");
  const credentials = basicCredentials(auth);
  const headers: Record<string, string> = {
    "x-docker-token": "true",
    ...(credentials
      ? { authorization: `Basic ${encodeBase64(`${credentials.username}:${credentials.password}`)}` }
      : {}),
  };
  const get = async (url: string) => {
    try {
      return await engine.http({
        method: "GET",
        url,
        headers,
        body: null,
        cancellation: operation.cancellation,
      });
    } catch (error) {
      throw systemError(`Get ${JSON.stringify(url)}: ${(error as Error).message}`);
    }
  };
  const scheme = elsewhere ? await indexScheme(get, host, isInsecure(engine.settings, host)) : "https";
  const response = await get(`${scheme}://${host}/v1/search?q=${encodeURIComponent(name)}&n=${limit}`);
  if (response.status !== 200) {
    throw systemError(`Unexpected status code ${response.status}`);
  }
  return results(JSON.parse(text(await readAll(response.body, ANSWER_LIMIT))));
}

/** Whether an index answers over TLS, or at least without. Throws invalidParameter "invalid registry endpoint …". */
async function indexScheme(
  get: (url: string) => Promise<unknown>,
  host: string,
  insecure: boolean,
): Promise<"https" | "http"> {
  try {
    await get(`https://${host}/v1/_ping`);
    return "https";
  } catch (secure) {
    const first = (secure as Error).message;
    if (!insecure) {
      throw invalidParameter(
        `invalid registry endpoint https://${host}/v1/: ${first}. If this private registry supports only HTTP or HTTPS with an unknown CA certificate, please add \`--insecure-registry ${host}\` to the daemon's arguments. In the case of HTTPS, if you have access to the registry's CA certificate, no need for the flag; simply place the CA certificate at /etc/docker/certs.d/${host}/ca.crt`,
      );
    }
    try {
      await get(`http://${host}/v1/_ping`);
      return "http";
    } catch (plain) {
      throw invalidParameter(
        `invalid registry endpoint "http://${host}/v1/". HTTPS attempt: ${first}. HTTP attempt: ${(plain as Error).message}`,
      );
    }
  }
}

function results(parsed: unknown): SearchResult[] {
  const list = isObject(parsed) && Array.isArray(parsed.results) ? parsed.results.filter(isObject) : [];
  return list.map(({ name, description, star_count, is_official }) => ({
    star_count: typeof star_count === "number" ? star_count : 0,
    is_official: is_official === true,
    name: String(name ?? ""),
    is_automated: false,
    description: typeof description === "string" ? description : "",
  }));
}
