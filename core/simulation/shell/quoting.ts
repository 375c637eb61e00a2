import type { DialectName } from "./dialect.ts";

/** `text` in single quotes, so that the shell reads it as it is; ash and dash write an apostrophe as '"'"', bash as '\''. */
export function quoteSingle(dialect: DialectName, text: string): string {
  if (dialect === "bash") return `'${text.replace(/'/g, "'\\''")}'`;
  return `'${text.replace(/'+/g, (quotes) => `'"${quotes}"'`)}'`;
}

/** An argument as `set -x` shows it. */
export function quoteForTrace(dialect: DialectName, text: string): string {
  if (dialect === "dash") return text;
  if (text === "") return dialect === "bash" ? "''" : "";
  return /^[\w@%+:,./^\]-]+$/.test(text) || (dialect === "bash" && /^[\w@%+=:,./^-]+$/.test(text))
    ? text
    : quoteSingle(dialect, text);
}
