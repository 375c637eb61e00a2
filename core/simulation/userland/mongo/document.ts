/** A value of MongoDB's documents, as far as first lessons go. */
export type DocumentValue =
  null | boolean | number | string | DocumentValue[] | { [key: string]: DocumentValue };
export type MongoDocument = { [key: string]: DocumentValue };

/** Reads a value as the mongo shell writes it: JSON, keys without quotes, ObjectId("…"). Throws SyntaxError. */
export function parseValues(text: string): DocumentValue[] {
  const parser = new ValueParser(text);
  return parser.list();
}

class ValueParser {
  readonly #text: string;
  #at = 0;

  constructor(text: string) {
    this.#text = text;
  }

  list(): DocumentValue[] {
    const values: DocumentValue[] = [];
    this.#blanks();
    while (this.#at < this.#text.length) {
      values.push(this.#value());
      this.#blanks();
      if (this.#text[this.#at] === ",") this.#at++;
      else if (this.#at < this.#text.length) this.#fail();
      this.#blanks();
    }
    return values;
  }

  #blanks(): void {
    while (/\s/.test(this.#text[this.#at] ?? "")) this.#at++;
  }

  #fail(): never {
    throw new SyntaxError(
      this.#at >= this.#text.length ? "Unexpected end of input" : `Unexpected token ${this.#text[this.#at]}`,
    );
  }

  #match(pattern: RegExp): RegExpExecArray | undefined {
    pattern.lastIndex = this.#at;
    const match = pattern.exec(this.#text);
    if (!match) return undefined;
    this.#at += match[0].length;
    return match;
  }

  #value(): DocumentValue {
    this.#blanks();
    const character = this.#text[this.#at];
    if (character === "{") return this.#object();
    if (character === "[") return this.#array();
    if (character === '"' || character === "'") return this.#string();
    const id = this.#match(/ObjectId\(\s*["']([0-9a-f]{24})["']\s*\)/y);
    if (id) return { $oid: id[1]! };
    const number = this.#match(/-?\d+(\.\d+)?([eE][-+]?\d+)?/y);
    if (number) return Number(number[0]);
    const word = this.#match(/true|false|null/y);
    if (word) return word[0] === "null" ? null : word[0] === "true";
    this.#fail();
  }

  #string(): string {
    const match = this.#match(/"((?:\\.|[^"\\])*)"|'((?:\\.|[^'\\])*)'/y) ?? this.#fail();
    return (match[1] ?? match[2]!).replace(
      /\\(.)/g,
      (_, letter: string) => ({ n: "\n", t: "\t", r: "\r" })[letter] ?? letter,
    );
  }

  #object(): MongoDocument {
    const object: MongoDocument = {};
    this.#at++;
    this.#blanks();
    while (this.#text[this.#at] !== "}") {
      const quoted = /["']/.test(this.#text[this.#at] ?? "");
      const key = quoted ? this.#string() : (this.#match(/[\w$.]+/y) ?? this.#fail())[0];
      this.#blanks();
      if (this.#text[this.#at++] !== ":") this.#fail();
      object[key] = this.#value();
      this.#blanks();
      if (this.#text[this.#at] === ",") this.#at++;
      else if (this.#text[this.#at] !== "}") this.#fail();
      this.#blanks();
    }
    this.#at++;
    return object;
  }

  #array(): DocumentValue[] {
    const list: DocumentValue[] = [];
    this.#at++;
    this.#blanks();
    while (this.#text[this.#at] !== "]") {
      list.push(this.#value());
      this.#blanks();
      if (this.#text[this.#at] === ",") this.#at++;
      else if (this.#text[this.#at] !== "]") this.#fail();
      this.#blanks();
    }
    this.#at++;
    return list;
  }
}

/** A value as the mongo shell prints it on one line. */
export function showValue(value: DocumentValue): string {
  if (Array.isArray(value)) return value.length === 0 ? "[ ]" : `[ ${value.map(showValue).join(", ")} ]`;
  if (typeof value !== "object" || value === null) return JSON.stringify(value);
  if (typeof value["$oid"] === "string") return `ObjectId("${value["$oid"]}")`;
  const fields = Object.entries(value).map(([key, each]) => `${JSON.stringify(key)} : ${showValue(each)}`);
  return fields.length === 0 ? "{  }" : `{ ${fields.join(", ")} }`;
}

/** Whether a document fits a query: equality, and the usual comparisons. */
export function fits(document: MongoDocument, query: MongoDocument): boolean {
  return Object.entries(query).every(([key, wanted]) => {
    if (key === "$or") return (wanted as MongoDocument[]).some((each) => fits(document, each));
    if (key === "$and") return (wanted as MongoDocument[]).every((each) => fits(document, each));
    const value = key
      .split(".")
      .reduce<DocumentValue | undefined>(
        (at, part) => (at !== null && typeof at === "object" && !Array.isArray(at) ? at[part] : undefined),
        document,
      );
    if (
      wanted !== null &&
      typeof wanted === "object" &&
      !Array.isArray(wanted) &&
      Object.keys(wanted).some((each) => each.startsWith("$") && each !== "$oid")
    ) {
      return Object.entries(wanted).every(([operator, operand]) => compare(operator, value, operand));
    }
    return same(value, wanted) || (Array.isArray(value) && value.some((each) => same(each, wanted)));
  });
}

function same(left: DocumentValue | undefined, right: DocumentValue): boolean {
  return JSON.stringify(left ?? null) === JSON.stringify(right);
}

function compare(operator: string, value: DocumentValue | undefined, operand: DocumentValue): boolean {
  const ordered = typeof value === typeof operand && (typeof value === "number" || typeof value === "string");
  switch (operator) {
    case "$gt": return ordered && value! > operand!;
    case "$gte": return ordered && value! >= operand!;
    case "$lt": return ordered && value! < operand!;
    case "$lte": return ordered && value! <= operand!;
    case "$ne": return !same(value, operand);
    case "$in": return (operand as DocumentValue[]).some((each) => same(value, each));
    case "$exists": return (value !== undefined) === operand;
    default: return false;
  }
} // prettier-ignore

/** The document after an update: $set, $unset, $inc, $push, or another document in its place. */
export function updated(document: MongoDocument, change: MongoDocument): MongoDocument {
  if (!Object.keys(change).some((key) => key.startsWith("$")))
    return { ...(document["_id"] === undefined ? {} : { _id: document["_id"] }), ...change };
  const result = { ...document };
  for (const [key, value] of Object.entries((change["$set"] as MongoDocument) ?? {})) result[key] = value;
  for (const key of Object.keys((change["$unset"] as MongoDocument) ?? {})) delete result[key];
  for (const [key, value] of Object.entries((change["$inc"] as MongoDocument) ?? {}))
    result[key] = Number(result[key] ?? 0) + Number(value);
  for (const [key, value] of Object.entries((change["$push"] as MongoDocument) ?? {}))
    result[key] = [...((result[key] as DocumentValue[]) ?? []), value];
  return result;
}
