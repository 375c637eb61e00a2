/** Characters that take two columns: East Asian wide and full-width ones, and emoji. */
const wide =
  /^[\u1100-\u115f\u2329\u232a\u2e80-\u303e\u3041-\u33ff\u3400-\u4dbf\u4e00-\u9fff\ua000-\ua4cf\ua960-\ua97f\uac00-\ud7a3\uf900-\ufaff\ufe10-\ufe19\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6\u{1f200}-\u{1f251}\u{20000}-\u{3fffd}]$|^\p{Emoji_Presentation}$/u;
const combining = /^[\p{Mn}\p{Me}\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff]$/u;

/** How many columns of a terminal the text takes. */
export function displayWidth(text: string): number {
  if (/^[\x20-\x7e]*$/.test(text)) return text.length;
  let width = 0;
  for (const character of text) {
    if (character < " " || character === "\x7f" || combining.test(character)) continue;
    width += wide.test(character) ? 2 : 1;
  }
  return width;
}

/** Cuts the text to `limit` columns, the last of them "…" when something was cut. */
export function ellipsis(text: string, limit: number): string {
  if (limit <= 0) return "";
  const characters = [...text];
  if (limit === 1) return characters[0] ?? "";
  if (/^[\x00-\x7f]*$/.test(text)) return text.length <= limit ? text : `${text.slice(0, limit - 1)}…`;
  if (columns(characters) <= limit) return text;
  let kept = 0;
  while (columns(characters.slice(0, kept + 1)) <= limit - 1) kept++;
  return `${characters.slice(0, kept).join("")}…`;
}

/** Docker counts every character but the wide ones as one column here. */
function columns(characters: readonly string[]): number {
  return characters.reduce((sum, character) => sum + (wide.test(character) ? 2 : 1), 0);
}
