import { base64 } from "../curl.ts";
import { decodeText, encodeText } from "../../shell/characters.ts";
import { fromBase64 } from "./from-base64.ts";
import { FilterError } from "./syntax.ts";
import type { Json } from "./syntax.ts";
import { described, toJson } from "./values.ts";

/** What `tostring` makes of a value. */
export const textOf = (value: Json) => (typeof value === "string" ? value : toJson(value, undefined));

/** A value as @NAME writes it. */
export function formatted(name: string, value: Json): string {
  switch (name) {
    case "text":
      return textOf(value);
    case "json":
      return toJson(value, undefined);
    case "base64":
      return base64(encodeText(textOf(value)));
    case "base64d":
      return decodeText(fromBase64(textOf(value)));
    case "uri":
      return encodeURIComponent(textOf(value)).replace(
        /[!'()*]/g,
        (each) => "%" + each.charCodeAt(0).toString(16).toUpperCase(),
      );
    case "html":
      return textOf(value).replace(
        /[<>&'"]/g,
        (each) => ({ "<": "&lt;", ">": "&gt;", "&": "&amp;", "'": "&#39;" })[each] ?? "&quot;",
      );
    case "sh":
      return (Array.isArray(value) ? value : [value])
        .map((each) => (typeof each === "string" ? `'${each.replaceAll("'", "'\\''")}'` : textOf(each)))
        .join(" ");
    case "csv":
    case "tsv":
      return row(name, value);
  }
  throw new FilterError(`${name} is not a valid format`);
}

function row(name: "csv" | "tsv", value: Json): string {
  if (!Array.isArray(value))
    throw new FilterError(`${described(value)} cannot be ${name}-formatted, only an array can be`);
  const cell = (each: Json) => {
    if (each === null) return "";
    if (typeof each === "object") throw new FilterError(`${described(each)} is not valid in a csv row`);
    if (typeof each !== "string") return String(each);
    return name === "csv"
      ? `"${each.replaceAll('"', '""')}"`
      : each.replace(/[\\\t\n\r]/g, (one) => ({ "\\": "\\\\", "\t": "\\t", "\n": "\\n" })[one] ?? "\\r");
  };
  return value.map(cell).join(name === "csv" ? "," : "\t");
}
