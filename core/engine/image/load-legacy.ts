import type { Tell } from "../../distribution/progress.ts";
import { systemError } from "../../errors/errors.ts";
import { contentBytes } from "../../files/content.ts";
import type { HistoryEntry, ImageConfig } from "../../oci/image.ts";
import { isObject, serialiseImageConfig } from "../../oci/config.ts";
import { text } from "../../platform/bytes.ts";
import type { Engine } from "../engine.ts";
import type { ArchiveFiles, ImageLoader } from "./load.ts";
import { parseJson } from "./load.ts";

/** Takes images of an archive without manifest.json, as Docker before 1.10 wrote them: a directory for each layer. */
export async function loadLegacy(
  engine: Engine,
  files: ArchiveFiles,
  loader: ImageLoader,
  tell: Tell,
): Promise<void> {
  const loaded = new Map<string, string>();
  const root = files.tree.root;
  for (const [name, inode] of files.tree.list("/", root)) {
    if (inode.kind === "directory") await loadOne(engine, files, loader, name, loaded, new Set());
  }
  const repositories = parseJson(files.open("repositories"));
  if (!isObject(repositories))
    throw systemError("json: cannot unmarshal array into Go value of type map[string]map[string]string");
  for (const [name, tags] of Object.entries(repositories)) {
    for (const [tag, oldId] of Object.entries(isObject(tags) ? tags : {})) {
      const id = loaded.get(String(oldId));
      if (id === undefined) throw systemError(`invalid target ID: ${String(oldId)}`);
      await loader.tag(`${name}:${tag}`, id, tell);
    }
  }
}

async function loadOne(
  engine: Engine,
  files: ArchiveFiles,
  loader: ImageLoader,
  oldId: string,
  loaded: Map<string, string>,
  underway: Set<string>,
): Promise<string> {
  const known = loaded.get(oldId);
  if (known !== undefined) return known;
  if (underway.has(oldId)) throw systemError(`invalid parent of image ${oldId}`);
  underway.add(oldId);
  const blob = contentBytes(files.open(`${oldId}/json`));
  const old = parseJson(files.open(`${oldId}/json`));
  if (!isObject(old)) throw systemError("json: cannot unmarshal array into Go value of type image.V1Image");
  const os = typeof old.os === "string" && old.os !== "" ? old.os : "linux";
  if (os !== "linux") throw systemError(`cannot load ${os} image on linux`);
  const parentId =
    typeof old.parent === "string" && old.parent !== ""
      ? await loadOne(engine, files, loader, old.parent, loaded, underway)
      : "";
  const parent = engine.images.get(parentId);
  const below = parent?.config;
  const layer = await loader.layer(files.open(`${oldId}/layer.tar`), parent?.chainId ?? null, oldId);
  const { id: _, parent: __, layer_id: ___, throwaway: ____, Size: _____, ...facts } = old;
  const config = {
    ...facts,
    os,
    architecture: typeof old.architecture === "string" ? old.architecture : "",
    rootfs: { type: "layers", diff_ids: [...(below?.rootfs.diff_ids ?? []), layer.diffId] },
    history: [...(below?.history ?? []), historyOf(JSON.parse(text(blob)) as Record<string, unknown>)],
  } as ImageConfig;
  const image = engine.images.create(serialiseImageConfig(config));
  if (parentId !== "") engine.images.setParent(image.id, parentId);
  loaded.set(oldId, image.id);
  return image.id;
}

/** The line of docker history that an old configuration makes. */
function historyOf(old: Record<string, unknown>): HistoryEntry {
  const string = (value: unknown) => (typeof value === "string" ? value : "");
  const command =
    isObject(old.container_config) && Array.isArray(old.container_config.Cmd) ? old.container_config.Cmd : [];
  return {
    created: string(old.created),
    created_by: command.join(" "),
    author: string(old.author),
    comment: string(old.comment),
  };
}
