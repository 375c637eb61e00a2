import type { ImageSummary } from "../formatter/images.ts";
import { isDangling } from "../formatter/images.ts";
import { truncateId } from "../formatter/ids.ts";
import { displayWidth, ellipsis } from "../formatter/width.ts";
import type { Output } from "../output.ts";
import { fancyInfoHeader, plainInfoHeader } from "../progress/note.ts";
import { humanSize } from "../units.ts";

/** A variant of an image, where the engine keeps several. */
interface Manifest {
  ID: string;
  Kind: string;
  Available: boolean;
  Size: { Content: number; Total: number };
  ImageData?: {
    Platform: { os: string; architecture: string; variant?: string };
    Containers: string[] | null;
  };
}

export type TreeImage = ImageSummary & { Manifests?: Manifest[] | null };

interface Details {
  id: string;
  diskUsage: string;
  contentSize: string;
  inUse: boolean;
}

interface Branch {
  names: readonly string[];
  details: Details;
  children: { platform: string; available: boolean; details: Details }[];
  created: number;
}

/** Puts `text` into a colour on a terminal, and leaves it alone elsewhere. */
type Paint = (codes: string, text: string) => string;

const title = "39m\x1b[1";
const gap = "   ";

/** The text of `docker images --tree`. */
export function imageTree(images: readonly TreeImage[], all: boolean, out: Output): string {
  const branches = images
    .filter((image) => all || !isDangling(image))
    .map(branchOf)
    .sort((a, b) => b.created - a.created);
  const onTerminal = out.terminal !== undefined;
  const paint: Paint = (codes, text) => (onTerminal ? `\x1b[${codes}m${text}\x1b[0m` : text);
  const width = Math.max(out.columns || 80, 20);
  const columns = columnsFor(width, branches, onTerminal);
  const warning =
    "WARNING: This is an experimental feature. The output may change and shouldn't be depended on.";
  const heading = columns
    .map((column) => `\x1b[${title}m${fit(column, column.title.toUpperCase())}`)
    .join(gap);
  const spaced = branches.some((branch) => branch.children.length > 0);
  const lines = [paint("93", warning), legend(width, onTerminal), "", heading];
  for (const branch of branches) lines.push(...branchLines(branch, columns, paint, spaced));
  return lines.map((line) => `${line}\n`).join("");
}

function branchOf(image: TreeImage): Branch {
  const variants = (image.Manifests ?? []).filter((manifest) => manifest.Kind === "image");
  const children = variants.map((manifest) => {
    const { os, architecture, variant } = manifest.ImageData!.Platform;
    return {
      platform: [os, architecture, variant].filter(Boolean).join("/"),
      available: manifest.Available,
      details: {
        id: manifest.ID,
        diskUsage: humanSize(manifest.Size.Total, 3),
        contentSize: humanSize(manifest.Size.Content, 3),
        inUse: (manifest.ImageData!.Containers ?? []).length > 0,
      },
    };
  });
  const content = (image.Manifests ?? []).reduce((sum, manifest) => sum + manifest.Size.Content, 0);
  const inUse = image.Containers > 0 || children.some((child) => child.details.inUse);
  const details = {
    id: image.Id,
    diskUsage: humanSize(image.Size, 3),
    contentSize: humanSize(content, 3),
    inUse,
  };
  return { names: image.RepoTags ?? [], details, children, created: image.Created };
}

interface Column {
  title: string;
  width: number;
  right?: boolean;
  plain?: boolean;
  value(details: Details): string;
}

function columnsFor(width: number, branches: readonly Branch[], onTerminal: boolean): Column[] {
  const chip = branches.some((branch) => branch.children.some((child) => child.details.inUse));
  const [mark, none] = onTerminal ? ["\x1b[38;5;0m\x1b[48;5;14m U \x1b[0m", "   "] : ["U", " "];
  const columns: Column[] = [
    { title: "Image", width: 0, value: () => "" },
    { title: "ID", width: 12, value: ({ id }) => truncateId(id) },
    { title: "Disk usage", width: 10, right: true, value: ({ diskUsage }) => diskUsage },
    { title: "Content size", width: 12, right: true, value: ({ contentSize }) => contentSize },
    { title: "Extra", width: 5, plain: true, value: ({ inUse }) => (chip ? (inUse ? mark : none) : "") },
  ];
  let left = width;
  for (const [i, column] of columns.entries()) {
    if (column.width === 0) continue;
    // A first column that would be too narrow costs the last ones their place.
    if (left - column.width - gap.length < 12) {
      columns.length = i;
      break;
    }
    left -= column.width + gap.length;
  }
  const names = branches.flatMap(({ names, children }) => [
    ...names,
    ...children.map(({ platform }) => `└─ ${platform}`),
  ]);
  columns[0]!.width = Math.min(left, Math.max("Image".length, ...names.map((name) => name.length)));
  return columns;
}

function fit(column: Column, text: string, codes?: (text: string) => string): string {
  const painted = codes ?? ((plain: string) => `${plain}\x1b[0m`);
  const width = displayWidth(text.replace(/\x1b\[[^m]*m/g, ""));
  if (width > column.width) return painted(ellipsis(text, column.width));
  const fill = " ".repeat(column.width - width);
  return column.right ? fill + painted(text) : painted(text) + fill;
}

function legend(width: number, onTerminal: boolean): string {
  const chip = onTerminal ? "\x1b[38;5;0m\x1b[48;5;14m U \x1b[0m" : "U";
  const text = `${onTerminal ? fancyInfoHeader : plainInfoHeader} ${chip} In Use `;
  return " ".repeat(Math.max(0, width - displayWidth(text.replace(/\x1b\[[^m]*m/g, "")))) + text;
}

function branchLines(branch: Branch, columns: Column[], paint: Paint, spaced: boolean): string[] {
  const [first, ...rest] = columns as [Column, ...Column[]];
  const name = (text: string) => paint("34m\x1b[1", text);
  const detailsText = (details: Details, codes: string) =>
    rest
      .map(
        (column) =>
          gap + fit(column, column.value(details), (text) => (column.plain ? text : paint(codes, text))),
      )
      .join("");
  const names = [...branch.names].sort((a, b) => b.length - a.length);
  const lines = names.slice(0, -1).map(name);
  const last = names.at(-1);
  const shown =
    last === undefined
      ? fit(first, "<untagged>", (text) => paint("39m\x1b[2", text))
      : fit(first, last, name);
  lines.push(shown + detailsText(branch.details, "39"));
  branch.children.forEach((child, i) => {
    const codes = child.available ? "39" : "39m\x1b[2";
    const limb = `${i < branch.children.length - 1 ? "├─ " : "└─ "}${child.platform}`;
    lines.push(fit(first, limb, (text) => paint(codes, text)) + detailsText(child.details, codes));
  });
  if (spaced) lines.push("");
  return lines;
}
