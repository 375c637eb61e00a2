import { collect, contentSource } from "../archive/collect.ts";
import { MemoryFileSystem } from "../files/memory.ts";
import { MemoryRootFs } from "../files/memory-rootfs.ts";
import type { RootFs } from "../files/rootfs.ts";
import { contentBytes } from "../files/content.ts";
import { notFound } from "../errors/errors.ts";
import { digestOf } from "../oci/digest.ts";
import { serialiseImageConfig } from "../oci/config.ts";
import type { ContainerConfig, ImageConfig } from "../oci/image.ts";
import { familiarRef, parseImageRef, withDefaultTag } from "../oci/reference.ts";
import { utf8 } from "../platform/bytes.ts";
import type { Codecs } from "../platform/digests.ts";
import type { BuildBackend, BuildLayer, Download, StepCommit } from "./backend.ts";
import { resolvePath } from "../files/clean-path.ts";

/** What a RUN of the test does: its output, its status, and changes of its root. */
export type Program = (
  command: string[],
  environment: string[],
  root: RootFs,
) => Promise<{ stdout?: string; stderr?: string; status?: number }>;

/** An engine in small, to try the builder on: an image is a whole tree; "EMPTY" is the sum of a layer without changes. */
export class MemoryBackend implements BuildBackend {
  readonly records = new Map<
    string,
    { config: ImageConfig; parent: string; tree: Uint8Array; local: boolean }
  >();
  readonly names = new Map<string, string>();
  readonly running = new Map<string, { config: ContainerConfig; layer: BuildLayer & { root: RootFs } }>();
  readonly downloads = new Map<string, Download & { body: never }>();
  readonly #codecs: Codecs;
  #time = 0;
  #containers = 0;
  program: Program = () => Promise.resolve({});
  web: (url: string) => Download = (url) => {
    throw new Error(`Get "${url}": dial tcp: lookup failed`);
  };

  constructor(codecs: Codecs) {
    this.#codecs = codecs;
  }

  /** An image that was imported, with these files. */
  async import(name: string, files: Record<string, string>, config: ContainerConfig = {}): Promise<string> {
    const root = this.#tree();
    for (const [path, content] of Object.entries(files)) await writeFile(root, path, content);
    const tree = await treeBytes(root);
    const image: ImageConfig = {
      architecture: "amd64",
      os: "linux",
      created: this.#now(),
      config,
      rootfs: { type: "layers", diff_ids: [digestOf(this.#codecs, tree)] },
      history: [{ created: "2024-01-01T00:00:00Z", comment: "Imported from -" }],
    };
    const id = digestOf(this.#codecs, serialiseImageConfig(image));
    this.records.set(id, { config: image, parent: "", tree, local: false });
    this.names.set(this.images.familiarName(name), id);
    return id;
  }

  /** A file of an image. */
  async file(imageId: string, path: string): Promise<string> {
    const root = await this.#open(imageId);
    return new TextDecoder().decode(await root.read(path));
  }

  /** "-rw-r--r-- 0:0 /path" of everything below `path`. */
  async list(imageId: string, path: string): Promise<string[]> {
    const root = await this.#open(imageId);
    const lines: string[] = [];
    const visit = async (at: string): Promise<void> => {
      const { kind, mode, uid, gid, linkTarget } = await root.lstat(at);
      lines.push(
        `${mode.toString(8)} ${uid}:${gid} ${at}${kind === "directory" ? "/" : ""}${linkTarget && ` -> ${linkTarget}`}`,
      );
      if (kind === "directory")
        for (const name of await root.readdir(at)) await visit(at === "/" ? `/${name}` : `${at}/${name}`);
    };
    await visit(path);
    return lines;
  }

  images: BuildBackend["images"] = {
    find: async (image) => {
      const id = this.records.has(image) ? image : this.names.get(this.images.familiarName(image));
      if (!id) throw notFound(`No such image: ${this.images.familiarName(image)}`);
      return { id, config: this.records.get(id)!.config };
    },
    pull: (image) => Promise.reject(notFound(`pull access denied for ${image}, repository does not exist`)),
    familiarName: (name) => familiarRef(withDefaultTag(parseImageRef(name))),
    tag: async (imageId, name) => void this.names.set(name, imageId),
    get: async (imageId) => this.records.get(imageId)!.config,
    children: (imageId) =>
      [...this.records].filter(([, record]) => record.local && record.parent === imageId).map(([id]) => id),
    parent: (imageId) => this.records.get(imageId)?.parent ?? "",
    setParent: async (imageId, parentId) => void (this.records.get(imageId)!.parent = parentId),
    create: async () => {
      throw new Error("not in this test");
    },
  };

  containers: BuildBackend["containers"] = {
    create: async (config) => {
      const id = String(++this.#containers).padStart(64, "c");
      this.running.set(id, { config, layer: await this.layer(config.Image ?? "") });
      return { id, warnings: [] };
    },
    run: async (id, output) => {
      const { config, layer } = this.running.get(id)!;
      const {
        stdout = "",
        stderr = "",
        status = 0,
      } = await this.program(config.Cmd ?? [], config.Env ?? [], layer.root);
      if (stdout) await output.stdout(utf8(stdout));
      if (stderr) await output.stderr(utf8(stderr));
      return { status };
    },
    makeWorkdir: async (id) => {
      const { config, layer } = this.running.get(id)!;
      await layer.root.mkdir(resolvePath("/", config.WorkingDir ?? "/"), { mode: 0o755, uid: 0, gid: 0 });
    },
    commit: (id, step) => this.running.get(id)!.layer.commit(step),
    remove: async (id) => void this.running.delete(id),
  };

  async scratch(): Promise<RootFs> {
    return this.#tree();
  }

  async layer(imageId: string): Promise<BuildLayer> {
    const root = await this.#open(imageId);
    const before = await treeBytes(root);
    return {
      root,
      release: async () => {},
      commit: async (step) => this.#commit(imageId, before, await treeBytes(root), step),
    };
  }

  async download(url: string): Promise<Download> {
    return this.web(url);
  }

  step<T>(_instruction: string, work: (backend: BuildBackend) => Promise<T>): Promise<T> {
    return work(this);
  }

  note(): void {}

  sha256() {
    return this.#codecs.sha256();
  }

  decompress: BuildBackend["decompress"] = (archive) => Promise.resolve(archive);

  #commit(parent: string, before: Uint8Array, tree: Uint8Array, step: StepCommit): string {
    const base = this.records.get(parent)?.config;
    const changed = digestOf(this.#codecs, tree) !== digestOf(this.#codecs, before);
    const created = this.#now();
    const config: ImageConfig = {
      architecture: "amd64",
      os: "linux",
      author: step.author,
      created,
      config: step.config,
      container_config: step.containerConfig,
      rootfs: {
        type: "layers",
        diff_ids: [...(base?.rootfs.diff_ids ?? []), ...(changed ? [digestOf(this.#codecs, tree)] : [])],
      },
      history: [
        ...(base?.history ?? []),
        {
          created,
          created_by: (step.containerConfig.Cmd ?? []).join(" "),
          ...(changed ? {} : { empty_layer: true }),
        },
      ],
    };
    const id = digestOf(this.#codecs, serialiseImageConfig(config));
    this.records.set(id, { config, parent, tree, local: true });
    return id;
  }

  #tree(): RootFs {
    return new MemoryRootFs(new MemoryFileSystem({ now: () => 0n }).root);
  }

  async #open(imageId: string): Promise<RootFs> {
    const root = this.#tree();
    const record = this.records.get(imageId);
    if (record)
      await root.extract(
        "/",
        contentSource({
          size: record.tree.length,
          read: (at, length) => record.tree.subarray(at, at + length),
        }),
      );
    return root;
  }

  #now(): string {
    return new Date(Date.UTC(2024, 0, 1, 0, 0, ++this.#time)).toISOString();
  }
}

async function treeBytes(root: RootFs): Promise<Uint8Array> {
  return contentBytes(await collect(root.archive("/", { rename: "" })));
}

/** Makes a file with its directories. */
export async function writeFile(root: RootFs, path: string, content: string): Promise<void> {
  const { TarBuilder } = await import("../archive/write.ts");
  const { bytesContent } = await import("../files/content.ts");
  const archive = new TarBuilder();
  archive.add({
    name: path.replace(/^\//, ""),
    kind: "file",
    mode: 0o644,
    content: bytesContent(utf8(content)),
  });
  await root.extract("/", contentSource(archive.finish()));
}
