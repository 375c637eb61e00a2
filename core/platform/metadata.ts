/**
 * Records by table and key, kept across restarts: the engine's own bookkeeping (images, names, containers, volumes,
 * networks). Values are JSON. A transaction is there whole or not at all.
 */
export interface MetadataStore {
  /** Every record of a table, in insertion order; read once, when the engine starts. */
  load(table: string): Iterable<[key: string, value: unknown]>;
  /** Writes (or, with undefined, deletes) all or nothing. */
  transaction(changes: readonly { table: string; key: string; value: unknown | undefined }[]): void;
}

/** A MetadataStore in memory. */
export class MemoryMetadataStore implements MetadataStore {
  #tables = new Map<string, Map<string, unknown>>();

  load(table: string): Iterable<[string, unknown]> {
    return [...(this.#tables.get(table) ?? [])];
  }

  /** Every record, by table and key in the order in which they first came. */
  *records(): Iterable<[table: string, key: string, value: unknown]> {
    for (const [table, records] of this.#tables)
      for (const [key, value] of records) yield [table, key, value];
  }

  transaction(changes: readonly { table: string; key: string; value: unknown | undefined }[]): void {
    for (const { table, key, value } of changes) {
      let records = this.#tables.get(table);
      if (!records) this.#tables.set(table, (records = new Map()));
      if (value === undefined) records.delete(key);
      else records.set(key, value);
    }
  }
}
