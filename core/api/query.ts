import { Filters } from "../filters/filters.ts";
import { invalidParameter, systemError } from "../errors/errors.ts";

/** The values after a request's "?", read as Docker reads each kind. */
export class Query {
  readonly #values = new Map<string, string[]>();

  constructor(encoded: string) {
    for (const pair of encoded.split("&")) {
      if (pair === "") continue;
      const equals = pair.indexOf("=");
      const name = decodeComponent(equals < 0 ? pair : pair.slice(0, equals));
      const value = equals < 0 ? "" : decodeComponent(pair.slice(equals + 1));
      const values = this.#values.get(name);
      if (values) values.push(value);
      else this.#values.set(name, [value]);
    }
  }

  has(name: string): boolean {
    return this.#values.has(name);
  }

  /** The first value; "" when there is none. */
  get(name: string): string {
    return this.#values.get(name)?.[0] ?? "";
  }

  all(name: string): string[] {
    return this.#values.get(name) ?? [];
  }

  /** True unless it is missing, empty, "0", "no", "false" or "none". */
  bool(name: string): boolean {
    return !["", "0", "no", "false", "none"].includes(this.get(name).trim().toLowerCase());
  }

  /** As bool, and `otherwise` when it is missing. */
  boolOr(name: string, otherwise: boolean): boolean {
    return this.has(name) ? this.bool(name) : otherwise;
  }

  /** A whole number; undefined when missing or empty. Throws Go's text, which Docker answers with status 500 for some. */
  int(name: string, kind: "system" | "invalidParameter" = "invalidParameter"): number | undefined {
    const value = this.get(name);
    if (value === "") return undefined;
    if (!/^[+-]?\d{1,15}$/.test(value)) {
      const range = /^[+-]?\d+$/.test(value);
      const message = `strconv.Atoi: parsing ${JSON.stringify(value)}: ${range ? "value out of range" : "invalid syntax"}`;
      throw kind === "system" ? systemError(message) : invalidParameter(message);
    }
    return Number(value);
  }

  /** The filters parameter. Throws invalidParameter "invalid filter". */
  filters(name = "filters"): Filters {
    return Filters.parse(this.get(name));
  }
}

function decodeComponent(encoded: string): string {
  const spaced = encoded.replaceAll("+", " ");
  try {
    return decodeURIComponent(spaced);
  } catch {
    return spaced;
  }
}
