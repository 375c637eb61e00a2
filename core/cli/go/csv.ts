/**
 * The fields of one line of comma-separated values, by the rules of Go's encoding/csv: a field in double quotes may
 * hold commas, and "" for a quote. Throws Go's errors.
 */
export function readCsv(line: string): string[] {
  const fields: string[] = [];
  let at = 0;
  for (;;) {
    if (line[at] !== '"') {
      const comma = line.indexOf(",", at);
      const field = comma < 0 ? line.slice(at) : line.slice(at, comma);
      const bare = field.indexOf('"');
      if (bare >= 0)
        throw new Error(`parse error on line 1, column ${at + bare + 1}: bare " in non-quoted-field`);
      fields.push(field);
      if (comma < 0) return fields;
      at = comma + 1;
      continue;
    }
    at++;
    let field = "";
    for (;;) {
      const end = line.indexOf('"', at);
      if (end < 0)
        throw new Error(
          `parse error on line 1, column ${line.length + 1}: extraneous or missing " in quoted-field`,
        );
      field += line.slice(at, end);
      at = end + 1;
      if (line[at] !== '"') break;
      field += '"';
      at++;
    }
    fields.push(field);
    if (at >= line.length) return fields;
    if (line[at] !== ",")
      throw new Error(`parse error on line 1, column ${at}: extraneous or missing " in quoted-field`);
    at++;
  }
}
