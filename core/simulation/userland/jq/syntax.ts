/** A jq filter as a tree. */
export type Filter =
  | { kind: "identity" }
  | { kind: "recurse" }
  | { kind: "literal"; value: Json }
  | { kind: "text"; format: string | undefined; parts: (string | Filter)[] }
  | { kind: "format"; name: string }
  | { kind: "variable"; name: string }
  | { kind: "index"; of: Filter; key: Filter }
  | { kind: "slice"; of: Filter; from: Filter | undefined; to: Filter | undefined }
  | { kind: "iterate"; of: Filter }
  | { kind: "try"; body: Filter; handler: Filter | undefined }
  | { kind: "array"; body: Filter | undefined }
  | { kind: "object"; entries: { key: Filter; value: Filter }[] }
  | { kind: "negate"; of: Filter }
  | { kind: "pipe" | "comma" | "alternative"; left: Filter; right: Filter }
  | { kind: "binary"; operator: string; left: Filter; right: Filter }
  | { kind: "update"; operator: string; path: Filter; value: Filter }
  | { kind: "if"; branches: { condition: Filter; body: Filter }[]; otherwise: Filter | undefined }
  | { kind: "reduce"; source: Filter; name: string; start: Filter; update: Filter }
  | { kind: "as"; source: Filter; name: string; body: Filter }
  | { kind: "call"; name: string; args: Filter[] };

export type Json = null | boolean | number | string | Json[] | { [key: string]: Json };

/** A mistake in a filter, which ends jq with status 3. */
export class FilterSyntaxError extends Error {
  override name = "FilterSyntaxError";
}

/** A filter that met a value it cannot work on; `value` is what `error` threw. */
export class FilterError extends Error {
  override name = "FilterError";
  readonly value: Json;
  constructor(value: Json) {
    super(typeof value === "string" ? value : JSON.stringify(value));
    this.value = value;
  }
}
