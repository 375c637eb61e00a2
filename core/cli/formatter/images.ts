import type { Instant } from "../../platform/clock.ts";
import { familiarName, parseImageRef } from "../../oci/reference.ts";
import { formatGoTime, fromSeconds } from "../timestamps.ts";
import { ago, humanSize } from "../units.ts";
import { isTable, rowType } from "./format.ts";
import { truncateId } from "./ids.ts";

/** image.Summary of the API. */
export interface ImageSummary {
  Id: string;
  RepoTags: string[] | null;
  RepoDigests: string[] | null;
  Created: number;
  Size: number;
  SharedSize: number;
  Containers: number;
  Labels?: Record<string, string> | null;
}

/** One line of a list of images: an image has one for each of its names. */
export interface ImageRow {
  image: ImageSummary;
  repository: string;
  tag: string;
  digest: string;
  truncate: boolean;
  now: Instant;
}

const since = "{{if .CreatedSince }}{{.CreatedSince}}{{else}}N/A{{end}}";
const tableFormat = `table {{.Repository}}\t{{.Tag}}\t{{.ID}}\t${since}\t{{.Size}}`;
const digestTableFormat = `table {{.Repository}}\t{{.Tag}}\t{{.Digest}}\t{{.ID}}\t${since}\t{{.Size}}`;

const rawFormat = (digest: boolean) => `repository: {{ .Repository }}
tag: {{.Tag}}
${digest ? "digest: {{.Digest}}\n" : ""}image_id: {{.ID}}
created_at: {{.CreatedAt}}
virtual_size: {{.Size}}
`;

/** The format that a list of images is printed in. */
export function imageFormat(source: string, quiet: boolean, digests: boolean): string {
  if (source === "table") return quiet ? "{{.ID}}" : digests ? digestTableFormat : tableFormat;
  if (source === "raw") return quiet ? "image_id: {{.ID}}" : rawFormat(digests);
  return isTable(source) && digests && !source.includes("{{.Digest}}") ? `${source}\t{{.Digest}}` : source;
}

export const imageRows = rowType<ImageRow>(
  "formatter.imageContext",
  {
    ID: "IMAGE ID",
    Repository: "REPOSITORY",
    Tag: "TAG",
    Digest: "DIGEST",
    CreatedSince: "CREATED",
    CreatedAt: "CREATED AT",
    Size: "SIZE",
    Containers: "CONTAINERS",
    VirtualSize: "SIZE",
    SharedSize: "SHARED SIZE",
    UniqueSize: "UNIQUE SIZE",
  },
  {
    ID: ({ image, truncate }) => (truncate ? truncateId(image.Id) : image.Id),
    Repository: ({ repository }) => repository,
    Tag: ({ tag }) => tag,
    Digest: ({ digest }) => digest,
    CreatedSince: ({ image, now }) => ago(now, image.Created),
    CreatedAt: ({ image }) => formatGoTime(fromSeconds(image.Created)),
    Size: ({ image }) => humanSize(image.Size, 3),
    Containers: ({ image }) => (image.Containers === -1 ? "N/A" : String(image.Containers)),
    VirtualSize: ({ image }) => humanSize(image.Size),
    SharedSize: ({ image }) => (image.SharedSize === -1 ? "N/A" : humanSize(image.SharedSize)),
    UniqueSize: ({ image }) =>
      image.Size === -1 || image.SharedSize === -1 ? "N/A" : humanSize(image.Size - image.SharedSize),
  },
);

/** An image without a name: engines of long ago said so with "<none>:<none>". */
export function isDangling({ RepoTags, RepoDigests }: ImageSummary): boolean {
  if (!RepoTags?.length && !RepoDigests?.length) return true;
  return (
    RepoTags?.length === 1 &&
    RepoTags[0] === "<none>:<none>" &&
    RepoDigests?.length === 1 &&
    RepoDigests[0] === "<none>@<none>"
  );
}

/** The lines for an image: one for each tag (and, where digests are shown, for each digest), and for names that have only a digest. */
export function rowsOf(
  image: ImageSummary,
  options: { truncate: boolean; now: Instant; digests: boolean; format: string },
): ImageRow[] {
  const { truncate, now, digests, format } = options;
  const row = (repository: string, tag: string, digest: string): ImageRow => ({
    image,
    repository,
    tag,
    digest,
    truncate,
    now,
  });
  if (isDangling(image)) return [row("<none>", "<none>", "<none>")];
  const tags = byRepository(image.RepoTags, "tag");
  const known = byRepository(image.RepoDigests, "digest");
  const showDigests = digests || format.includes("{{.Digest}}");
  const rows: ImageRow[] = [];
  for (const [repository, names] of tags) {
    const all = showDigests ? (known.get(repository) ?? []) : [];
    known.delete(repository);
    for (const tag of names) {
      if (all.length === 0) rows.push(row(repository, tag, "<none>"));
      for (const digest of all) rows.push(row(repository, tag, digest));
    }
  }
  for (const [repository, all] of known) {
    if (digests) for (const digest of all) rows.push(row(repository, "<none>", digest));
    else rows.push(row(repository, "<none>", ""));
  }
  return rows;
}

/** Tags or digests of each repository; names that cannot be read are left out. */
function byRepository(references: readonly string[] | null, part: "tag" | "digest"): Map<string, string[]> {
  const found = new Map<string, string[]>();
  for (const text of references ?? []) {
    let imageRef;
    try {
      imageRef = parseImageRef(text);
    } catch {
      continue;
    }
    const value = imageRef[part];
    if (value === undefined) continue;
    const name = familiarName(imageRef);
    found.set(name, [...(found.get(name) ?? []), value]);
  }
  return found;
}
