import { notFound } from "../errors/errors.ts";
import type { MetadataStore } from "../platform/metadata.ts";
import { Mutex } from "../platform/mutex.ts";

const table = "volumes";

/** Docker's mark on volumes that were made without a name. */
export const anonymousLabel = "com.docker.volume.anonymous";

/** What is kept of a volume. */
export interface VolumeRecord {
  name: string;
  driver: string;
  /** RFC 3339, whole seconds. */
  created: string;
  mountpoint: string;
  labels: Record<string, string> | null;
  options: Record<string, string> | null;
}

/** Every volume and which containers use it. */
export class VolumeStore {
  /** Creating and removing: one at a time. */
  readonly lock = new Mutex();
  readonly #byName = new Map<string, VolumeRecord>();
  /** Identifiers of the containers that have it, running or not. */
  readonly #users = new Map<string, Set<string>>();
  readonly #metadata: MetadataStore;

  constructor(metadata: MetadataStore) {
    this.#metadata = metadata;
    for (const [name, value] of metadata.load(table)) this.#byName.set(name, value as VolumeRecord);
  }

  all(): VolumeRecord[] {
    return [...this.#byName.values()];
  }

  get(name: string): VolumeRecord | undefined {
    return this.#byName.get(name);
  }

  /** Throws notFound "get x: no such volume". */
  resolve(name: string): VolumeRecord {
    const volume = this.#byName.get(name);
    if (!volume) throw notFound(`get ${name}: no such volume`, { volume: name });
    return volume;
  }

  add(volume: VolumeRecord): void {
    this.#byName.set(volume.name, volume);
    this.#metadata.transaction([{ table, key: volume.name, value: { ...volume } }]);
  }

  delete(name: string): void {
    this.#byName.delete(name);
    this.#users.delete(name);
    this.#metadata.transaction([{ table, key: name, value: undefined }]);
  }

  /** The containers that have a volume, in the order in which they came. */
  users(name: string): string[] {
    return [...(this.#users.get(name) ?? [])];
  }

  use(name: string, containerId: string): void {
    const users = this.#users.get(name);
    if (users) users.add(containerId);
    else this.#users.set(name, new Set([containerId]));
  }

  release(name: string, containerId: string): void {
    this.#users.get(name)?.delete(containerId);
  }
}
