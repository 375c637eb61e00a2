import type { ShellSyntaxError, SyntaxMistake } from "./syntax.ts";

/** Whose shell this is: busybox's ash, Debian's dash, or bash. They agree on the language and differ in words. */
export type DialectName = "ash" | "dash" | "bash";

/** What a dialect needs to know to put a message into its words. */
export interface MessageContext {
  /** $0, as messages begin. */
  name: string;
  line: number;
  interactive: boolean;
  /** "string" for -c, "stdin", or "file". */
  input: "string" | "stdin" | "file";
  builtin?: string | undefined;
}

/** One message for standard error, with its newline. */
export function shellMessage(dialect: DialectName, text: string, context: MessageContext): string {
  const { name, builtin, interactive, input } = context;
  const command = builtin ? `${builtin}: ` : "";
  if (dialect === "dash") return `${name}: ${context.line}: ${command}${text}\n`;
  if (dialect === "bash") {
    const place = interactive || (input === "stdin" && !builtin) ? "" : `line ${context.line}: `;
    return `${name}: ${place}${command}${text}\n`;
  }
  // ash tells the line only where it also names a command or a script, and counts those of -c from 0.
  const line = input === "string" ? context.line - 1 : context.line;
  const place = (builtin || input === "file") && !interactive ? `line ${line}: ` : "";
  return `${name}: ${command}${place}${text}\n`;
}

/** The message for a mistake in the program's text. */
export function syntaxMessage(
  dialect: DialectName,
  error: ShellSyntaxError,
  context: MessageContext,
): string {
  const at = { ...context, line: error.line };
  if (dialect === "bash") {
    const place = context.input === "string" ? "-c: " : "";
    const line = context.interactive || context.input === "stdin" ? "" : `line ${error.line}: `;
    return `${context.name}: ${place}${line}${bashMistake(error.mistake)}\n`;
  }
  const text = mistakeText(dialect, error.mistake);
  return shellMessage(
    dialect,
    dialect === "dash" ? `Syntax error: ${text}` : `syntax error: ${lower(text)}`,
    at,
  );
}

function lower(text: string): string {
  return /^[A-Z][a-z]/.test(text) ? text[0]!.toLowerCase() + text.slice(1) : text;
}

function mistakeText(dialect: DialectName, mistake: SyntaxMistake): string {
  if (mistake.type === "unterminated") return "Unterminated quoted string";
  if (mistake.type === "other") return mistake.text;
  const plain = ["end of file", "newline", "word", "redirection"].includes(mistake.token);
  const token = plain ? mistake.token : `"${mistake.token}"`;
  const expecting = mistake.expecting
    ? ` (expecting ${mistake.expecting === "word" ? "word" : `"${mistake.expecting}"`})`
    : "";
  return dialect === "dash" ? `${token} unexpected${expecting}` : `unexpected ${token}${expecting}`;
}

function bashMistake(mistake: SyntaxMistake): string {
  if (mistake.type === "unterminated") return `unexpected EOF while looking for matching \`${mistake.quote}'`;
  if (mistake.type === "other") return `syntax error: ${mistake.text}`;
  if (mistake.token === "end of file") return "syntax error: unexpected end of file";
  return `syntax error near unexpected token \`${mistake.token}'`;
}

/** Why a file could not be opened for a redirection. */
export function redirectionMessage(
  dialect: DialectName,
  path: string,
  creating: boolean,
  code: string,
  reason: string,
): string {
  if (dialect === "bash") return `${path}: ${reason}`;
  const verb = creating ? "create" : "open";
  const cause =
    code === "ENOENT"
      ? dialect === "dash"
        ? creating
          ? "Directory nonexistent"
          : "No such file"
        : creating
          ? "nonexistent directory"
          : "no such file"
      : reason;
  return `${dialect === "dash" ? `cannot ${verb}` : `can't ${verb}`} ${path}: ${cause}`;
}
