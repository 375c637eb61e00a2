import { conflict, invalidParameter, notFound } from "../errors/errors.ts";
import type { Clock } from "../platform/clock.ts";
import type { MetadataStore } from "../platform/metadata.ts";
import { generateName } from "./names.ts";
import type { Random } from "../platform/random.ts";
import { Container } from "./container.ts";
import type { ContainerRecord } from "./record.ts";

const table = "containers";

/**
 * Every container, found by identifier, name or the beginning of an identifier. Records are kept in the metadata as
 * JSON texts, which take a quarter of an object's memory.
 */
export class ContainerStore {
  readonly #byId = new Map<string, Container>();
  /** Also names that are taken by containers still being made. */
  readonly #idByName = new Map<string, string>();
  readonly #metadata: MetadataStore;

  constructor(metadata: MetadataStore, clock: Clock) {
    this.#metadata = metadata;
    for (const [id, value] of metadata.load(table)) {
      const record = JSON.parse(value as string) as ContainerRecord;
      this.#byId.set(id, new Container(record, clock));
      this.#idByName.set(record.name, id);
    }
  }

  get size(): number {
    return this.#byId.size;
  }

  /** All of them, in the order in which they were made. */
  all(): IterableIterator<Container> {
    return this.#byId.values();
  }

  /** By full identifier. */
  get(id: string): Container | undefined {
    return this.#byId.get(id);
  }

  byName(name: string): Container | undefined {
    const id = this.#idByName.get(name);
    return id === undefined ? undefined : this.#byId.get(id);
  }

  /**
   * By identifier, name (with or without the slash) or the beginning of an identifier.
   * Throws notFound "No such container: x", or invalidParameter "Multiple IDs found with provided prefix: x".
   */
  resolve(containerRef: string): Container {
    const name = containerRef.startsWith("/") ? containerRef.slice(1) : containerRef;
    const exact = this.#byId.get(containerRef) ?? this.byName(name);
    if (exact) return exact;
    if (/^[0-9a-f]{1,63}$/.test(containerRef)) {
      let found: Container | undefined;
      for (const [id, container] of this.#byId) {
        if (!id.startsWith(containerRef)) continue;
        if (found) throw invalidParameter(`Multiple IDs found with provided prefix: ${containerRef}`);
        found = container;
      }
      if (found) return found;
    }
    throw notFound(`No such container: ${containerRef}`, { container: containerRef });
  }

  /** Takes a name before work begins. Throws conflict when somebody has it. */
  reserveName(name: string, id: string): void {
    const owner = this.#idByName.get(name);
    if (owner !== undefined && owner !== id)
      throw conflict(
        `Conflict. The container name "/${name}" is already in use by container "${owner}". You have to remove (or rename) that container to be able to reuse that name.`,
        { container: name, owner },
      );
    this.#idByName.set(name, id);
  }

  /** Takes a name that nobody has: six tries at two words, then the identifier's beginning. */
  reserveGeneratedName(random: Random, id: string): string {
    for (let attempt = 0; attempt < 6; attempt++) {
      const name = generateName(random, attempt);
      if (this.#idByName.has(name)) continue;
      this.#idByName.set(name, id);
      return name;
    }
    this.reserveName(id.slice(0, 12), id);
    return id.slice(0, 12);
  }

  releaseName(name: string, id: string): void {
    if (this.#idByName.get(name) === id) this.#idByName.delete(name);
  }

  add(container: Container): void {
    this.#byId.set(container.id, container);
    this.save(container);
  }

  /** Keeps what has changed. */
  save(container: Container): void {
    if (!this.#byId.has(container.id)) return;
    this.#metadata.transaction([{ table, key: container.id, value: JSON.stringify(container.record) }]);
  }

  delete(container: Container): void {
    this.#byId.delete(container.id);
    this.releaseName(container.name, container.id);
    this.#metadata.transaction([{ table, key: container.id, value: undefined }]);
  }
}
