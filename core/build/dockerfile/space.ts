/** What Go's unicode.IsSpace holds for white space (JavaScript's \s differs in two characters). */
const SPACE = "\\t\\n\\v\\f\\r \\u0085\\u00a0\\u1680\\u2000-\\u200a\\u2028\\u2029\\u202f\\u205f\\u3000";
const space = new RegExp(`^[${SPACE}]$`);
const leading = new RegExp(`^[${SPACE}]+`);
const trailing = new RegExp(`[${SPACE}]+$`);

export const isSpace = (character: string | undefined) => character !== undefined && space.test(character);
export const trimSpace = (text: string) => text.replace(leading, "").replace(trailing, "");
export const trimLeadingSpace = (text: string) => text.replace(leading, "");

/** Splits at runs of blanks, into at most `limit` parts. An empty text gives one empty part. */
export function splitBlanks(text: string, limit = Infinity): string[] {
  const parts: string[] = [];
  let rest = text;
  while (parts.length + 1 < limit) {
    const gap = /[\t\v\f\r ]+/.exec(rest);
    if (!gap) break;
    parts.push(rest.slice(0, gap.index));
    rest = rest.slice(gap.index + gap[0].length);
  }
  return [...parts, rest];
}
