import { invalidParameter } from "../errors/errors.ts";

/** What the filters of a list or a prune are: values by name, all of a name being alternatives (but labels all needed). */
export class Filters {
  readonly #values = new Map<string, Set<string>>();

  constructor(values: Readonly<Record<string, readonly string[]>> = {}) {
    for (const [name, list] of Object.entries(values)) this.#values.set(name, new Set(list));
  }

  /**
   * Reads the API's two forms: `{"label":{"a=b":true}}` and `{"label":["a=b"]}`; "" is none.
   * Throws invalidParameter "invalid filter".
   */
  static parse(json: string): Filters {
    if (json === "") return new Filters();
    let parsed: unknown;
    try {
      parsed = JSON.parse(json);
    } catch {
      throw invalidParameter("invalid filter");
    }
    if (parsed === null) return new Filters();
    if (typeof parsed !== "object" || Array.isArray(parsed)) throw invalidParameter("invalid filter");
    const filters = new Filters();
    for (const [name, values] of Object.entries(parsed)) {
      const listed = Array.isArray(values) && values.every((value) => typeof value === "string");
      const mapped =
        !Array.isArray(values) &&
        typeof values === "object" &&
        values !== null &&
        Object.values(values as object).every((value) => typeof value === "boolean");
      if (!listed && !mapped && values !== null) throw invalidParameter("invalid filter");
      for (const value of listed ? (values as string[]) : Object.keys((values as object) ?? {}))
        filters.add(name, value);
      if (!filters.has(name)) filters.#values.set(name, new Set());
    }
    return filters;
  }

  add(name: string, value: string): this {
    const values = this.#values.get(name);
    if (values) values.add(value);
    else this.#values.set(name, new Set([value]));
    return this;
  }

  delete(name: string): void {
    this.#values.delete(name);
  }

  get size(): number {
    return this.#values.size;
  }

  has(name: string): boolean {
    return this.#values.has(name);
  }

  get(name: string): string[] {
    return [...(this.#values.get(name) ?? [])];
  }

  names(): string[] {
    return [...this.#values.keys()];
  }

  /** Throws invalidParameter "invalid filter 'x'" for a name that is not `accepted`. */
  validate(accepted: readonly string[]): void {
    for (const name of this.#values.keys()) if (!accepted.includes(name)) throw invalidFilter(name);
  }

  /** A filter that is true or false. Throws invalidParameter "invalid filter 'dangling=[x]'". */
  bool(name: string, otherwise = false): boolean {
    const values = this.#values.get(name);
    if (!values) return otherwise;
    const isTrue = values.has("1") || values.has("true");
    const isFalse = values.has("0") || values.has("false");
    if (isTrue === isFalse)
      throw invalidFilter(name, values.size === 0 ? undefined : `[${[...values].join(" ")}]`);
    return isTrue;
  }

  /** `value` is one of the filter's values, or the filter is not there. */
  exact(name: string, value: string): boolean {
    const values = this.#values.get(name);
    return !values || values.size === 0 || values.has(value);
  }

  /** As exact, or one of the filter's values begins it. */
  fuzzy(name: string, value: string): boolean {
    return this.exact(name, value) || this.get(name).some((prefix) => value.startsWith(prefix));
  }

  /** As exact, or one of the filter's values matches it as a regular expression. */
  match(name: string, value: string): boolean {
    return this.exact(name, value) || this.get(name).some((pattern) => matches(pattern, value));
  }

  /** Every "key" and "key=value" of the filter is among `labels`. */
  labels(name: string, labels: Readonly<Record<string, string>> | null | undefined): boolean {
    const values = this.#values.get(name);
    if (!values || values.size === 0) return true;
    for (const value of values) {
      const equals = value.indexOf("=");
      const key = equals < 0 ? value : value.slice(0, equals);
      if (!labels || !Object.hasOwn(labels, key)) return false;
      if (equals >= 0 && labels[key] !== value.slice(equals + 1)) return false;
    }
    return true;
  }
}

/** "invalid filter 'status=bad'", and why if that is said. */
export function invalidFilter(name: string, value?: string, why?: string): Error {
  return invalidParameter(
    `invalid filter '${name}${value === undefined ? "" : `=${value}`}'${why ? `: ${why}` : ""}`,
  );
}

function matches(pattern: string, value: string): boolean {
  try {
    return new RegExp(pattern).test(value);
  } catch {
    return false;
  }
}
