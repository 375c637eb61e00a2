import { hierarchy, type HierarchyNode } from "d3-hierarchy";
import type { LayersPicture } from "./picture.ts";

/** One box of the picture: a layer, an image (the card that carries its tags) or a container's writable layer. */
export interface Box {
  key: string;
  kind: "layer" | "image" | "container";
  /** Left edge and width; the row counts from the bottom, 0 the lowest layer. */
  x: number;
  width: number;
  row: number;
  title: string;
  subtitle: string;
  dangling: boolean;
  state: string;
  /** Full identifiers, for the details and for whoever reads with other means than eyes. */
  id: string;
  changes?: { added: number; changed: number; deleted: number };
}

/** A tag: a flag on an image's card. Its key is the name, so that it moves when the name moves. */
export interface Flag {
  key: string;
  text: string;
  x: number;
  row: number;
  width: number;
}

export interface Scene {
  boxes: Box[];
  flags: Flag[];
  width: number;
  rows: number;
}

interface Sheet {
  key: string;
  kind: "root" | Box["kind"];
  box?: Omit<Box, "x" | "width" | "row">;
  tags: string[];
  children: Sheet[];
}

const leafWidth = 168;
const gap = 10;

/**
 * Lays the picture out as sheets on one another: a layer lies below everything that was built on it and is as wide as all of
 * that together, so what is shared is drawn once and seen to be shared.
 */
export function layOut(picture: LayersPicture): Scene {
  const root = sheetsOf(picture);
  const tree = hierarchy(root);
  const widths = new Map<HierarchyNode<Sheet>, number>();
  tree.eachAfter((node) => {
    const children = node.children ?? [];
    const inner =
      children.reduce((sum, child) => sum + widths.get(child)!, 0) + gap * Math.max(0, children.length - 1);
    widths.set(node, Math.max(leafWidth, flagsWidth(node.data.tags), inner));
  });
  const boxes: Box[] = [];
  const flags: Flag[] = [];
  const place = (node: HierarchyNode<Sheet>, x: number, row: number): void => {
    const width = widths.get(node)!;
    if (node.data.box) boxes.push({ ...node.data.box, x, width, row });
    let flagX = x + 8;
    for (const tag of node.data.tags) {
      const text = tag;
      flags.push({ key: tag, text, x: flagX, row, width: flagWidth(text) });
      flagX += flagWidth(text) + 6;
    }
    let at = x;
    for (const child of node.children ?? []) {
      place(child, at, row + 1);
      at += widths.get(child)! + gap;
    }
  };
  place(tree, 0, -1);
  return { boxes, flags, width: widths.get(tree)!, rows: Math.max(0, ...boxes.map((box) => box.row + 1)) };
}

/** Room for a tag's text in the picture's type. */
function flagWidth(text: string): number {
  return Math.min(240, text.length * 7.4 + 24);
}

function flagsWidth(tags: string[]): number {
  return tags.reduce((sum, tag) => sum + flagWidth(tag) + 6, 10);
}

function sheetsOf({ layers, images, containers }: LayersPicture): Sheet {
  const root: Sheet = { key: "root", kind: "root", tags: [], children: [] };
  const byChain = new Map<string, Sheet>();
  for (const layer of layers) {
    byChain.set(layer.chainId, {
      key: layer.chainId,
      kind: "layer",
      tags: [],
      children: [],
      box: {
        key: layer.chainId,
        kind: "layer",
        id: layer.diffId,
        title: shortCommand(layer.createdBy),
        subtitle: humanSize(layer.size),
        dangling: false,
        state: "",
      },
    });
  }
  for (const layer of layers)
    (layer.parent === null ? root : (byChain.get(layer.parent) ?? root)).children.push(
      byChain.get(layer.chainId)!,
    );
  const byImage = new Map<string, Sheet>();
  for (const image of images) {
    const sheet: Sheet = {
      key: image.id,
      kind: "image",
      tags: image.tags,
      children: [],
      box: {
        key: image.id,
        kind: "image",
        id: image.id,
        title: image.id.replace(/^sha256:/, "").slice(0, 12),
        subtitle: humanSize(image.size),
        dangling: image.dangling,
        state: "",
      },
    };
    byImage.set(image.id, sheet);
    (byChain.get(image.layers.at(-1) ?? "") ?? root).children.push(sheet);
  }
  for (const container of containers) {
    // A container whose image was removed by force stands on the layer itself.
    (byImage.get(container.imageId) ?? byChain.get(container.chainId ?? "") ?? root).children.push({
      key: container.id,
      kind: "container",
      tags: [],
      children: [],
      box: {
        key: container.id,
        kind: "container",
        id: container.id,
        title: container.name,
        subtitle: container.status,
        dangling: false,
        state: container.status,
        changes: container.changes,
      },
    });
  }
  return root;
}

/** What made a layer, as short as a student would say it: "RUN apt-get update" for "/bin/sh -c apt-get update". */
export function shortCommand(createdBy: string): string {
  const nop = /^\/bin\/sh -c #\(nop\)\s+/;
  if (nop.test(createdBy))
    return createdBy
      .replace(nop, "")
      .replace(/(file|dir|multi):[0-9a-f]+( in )?/, "… ")
      .trim();
  const run = /^(?:\|\d+ .*)?\/bin\/sh -c (.*)$/s.exec(createdBy);
  if (run) return `RUN ${run[1]}`;
  return createdBy === "" ? "imported" : createdBy;
}

/** Docker's own rounding: three significant digits, powers of 1000. */
export function humanSize(bytes: number): string {
  const units = ["B", "kB", "MB", "GB", "TB"];
  let at = 0;
  while (bytes >= 1000 && at < units.length - 1) {
    bytes /= 1000;
    at++;
  }
  return `${Number(bytes.toPrecision(3))}${units[at]}`;
}
