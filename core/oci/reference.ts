/** The name of an image in full: "docker.io" / "library/busybox" : "latest" @ "sha256:…". */
export interface ImageRef {
  /** "docker.io", "localhost:5000". */
  domain: string;
  /** "library/busybox". */
  path: string;
  tag?: string;
  digest?: string;
}

const alphanumeric = "[a-z0-9]+";
const component = `${alphanumeric}(?:(?:[._]|__|-+)${alphanumeric})*`;
const remoteName = `${component}(?:/${component})*`;
const domainLabel = "(?:[a-zA-Z0-9]|[a-zA-Z0-9][a-zA-Z0-9-]*[a-zA-Z0-9])";
const domainName = `(?:${domainLabel}(?:\\.${domainLabel})*|\\[[a-fA-F0-9:]+\\])(?::[0-9]+)?`;
const tagText = "\\w[\\w.-]{0,127}";
const digestText = "[A-Za-z][A-Za-z0-9]*(?:[-_+.][A-Za-z][A-Za-z0-9]*)*:[0-9a-fA-F]{32,}";
const referencePattern = new RegExp(
  `^(${domainName})/(${remoteName})(?::(${tagText}))?(?:@(${digestText}))?$`,
);

const longest = 255;

/** Reads "busybox", "me/app:1.0", "localhost:5000/x@sha256:…". Throws the texts of distribution's reference package. */
export function parseImageRef(text: string): ImageRef {
  if (/^[a-f0-9]{64}$/.test(text))
    throw new Error(`invalid repository name (${text}), cannot specify 64-byte hexadecimal strings`);
  const [domain, rest] = splitDomain(text);
  const [remote = ""] = rest.split(":", 1);
  if (remote.toLowerCase() !== remote)
    throw new Error(`invalid reference format: repository name (${remote}) must be lowercase`);
  const found = referencePattern.exec(`${domain}/${rest}`);
  if (!found) throw new Error("invalid reference format");
  const [, , path = "", tag, digest] = found;
  if (domain.length + 1 + path.length > longest)
    throw new Error(`repository name must not be more than ${longest} characters`);
  if (digest) checkDigest(digest);
  return { domain, path, ...(tag ? { tag } : {}), ...(digest ? { digest } : {}) };
}

function splitDomain(name: string): [domain: string, rest: string] {
  const slash = name.indexOf("/");
  if (slash < 0) return ["docker.io", `library/${name}`];
  const first = name.slice(0, slash);
  const named = first === "localhost" || /[.:]/.test(first) || first.toLowerCase() !== first;
  if (!named) return ["docker.io", name];
  const domain = first === "index.docker.io" ? "docker.io" : first;
  const rest = name.slice(slash + 1);
  return [domain, domain === "docker.io" && !rest.includes("/") ? `library/${rest}` : rest];
}

const digestLengths: Record<string, number> = { sha256: 64, sha384: 96, sha512: 128 };

/** Throws go-digest's texts for what is no digest. */
function checkDigest(digest: string): void {
  const [algorithm = "", encoded = ""] = digest.split(":");
  const length = digestLengths[algorithm];
  if (length === undefined) throw new Error("unsupported digest algorithm");
  if (encoded.length !== length) throw new Error("invalid checksum digest length");
  if (!/^[a-f0-9]+$/.test(encoded)) throw new Error("invalid checksum digest format");
}

/** With the tag "latest" where there is neither tag nor digest. */
export function withDefaultTag(imageRef: ImageRef): ImageRef {
  return imageRef.tag || imageRef.digest ? imageRef : { ...imageRef, tag: "latest" };
}

/** "docker.io/library/busybox". */
export function fullName({ domain, path }: ImageRef): string {
  return `${domain}/${path}`;
}

/** Name, tag and digest in full: "docker.io/library/busybox:latest". */
export function fullRef(imageRef: ImageRef): string {
  const { tag, digest } = imageRef;
  return `${fullName(imageRef)}${tag ? `:${tag}` : ""}${digest ? `@${digest}` : ""}`;
}

/** The name as people write it: "busybox", "localhost:5000/x". */
export function familiarName({ domain, path }: ImageRef): string {
  if (domain !== "docker.io") return `${domain}/${path}`;
  return /^library\/[^/]+$/.test(path) ? path.slice("library/".length) : path;
}

/** Name, tag and digest as people write them: "busybox:latest". */
export function familiarRef(imageRef: ImageRef): string {
  const { tag, digest } = imageRef;
  return `${familiarName(imageRef)}${tag ? `:${tag}` : ""}${digest ? `@${digest}` : ""}`;
}

/** Whether `text` names an image by its identifier: 64 hexadecimal digits, with or without "sha256:". */
export function isImageId(text: string): boolean {
  return /^(sha256:)?[a-f0-9]{64}$/.test(text);
}
