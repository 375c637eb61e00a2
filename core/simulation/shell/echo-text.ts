import type { DialectName } from "./dialect.ts";
import { unescape } from "./escapes.ts";

/** What echo writes for its arguments. dash knows -n alone and always reads escapes; the others have -n, -e and -E. */
export function echoText(args: readonly string[], dialect: DialectName | "gnu"): string {
  const rest = [...args];
  let newline = true;
  let escapes = dialect === "dash";
  const options = dialect === "dash" ? /^-n$/ : /^-[neE]+$/;
  while (rest[0] !== undefined && options.test(rest[0])) {
    for (const letter of rest.shift()!.slice(1)) {
      if (letter === "n") newline = false;
      else escapes = letter === "e";
    }
    if (dialect === "dash") break;
  }
  const text = rest.join(" ");
  if (!escapes) return text + (newline ? "\n" : "");
  const { text: output, stop } = unescape(text, true, dialect !== "dash");
  return output + (newline && !stop ? "\n" : "");
}
