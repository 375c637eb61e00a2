import { sys } from "../kernel/syscalls.ts";
import { expandText } from "./expand.ts";
import { evaluateText } from "./evaluate.ts";
import { ShellFailure } from "./flow.ts";
import type { Shell, Steps } from "./shell.ts";
import { hereDocumentWord } from "./words.ts";
import { parserFor } from "./parser-options.ts";
import { ShellSource } from "./source.ts";

/** PS1 or PS2 as it is shown: escapes such as \w (not in dash), then parameters. */
export function* promptText(shell: Shell, which: "PS1" | "PS2"): Steps<string> {
  const root = (yield* sys.getuid()).euid === 0;
  const text = shell.variables.get(which) ?? (which === "PS2" ? "> " : defaultPrompt(shell, root));
  const decoded = shell.dialect === "dash" ? text : yield* decodePrompt(shell, text, root);
  if (!/[$`]/.test(decoded) || decoded === "$ ") return decoded;
  try {
    const parse = (source: ShellSource) => parserFor(shell, source).parseSubstitution();
    const word = hereDocumentWord({ extended: shell.extended, commandSubstitution: parse }, decoded, 1);
    return yield* expandText(shell, word);
  } catch (error) {
    if (error instanceof ShellFailure) return decoded;
    throw error;
  }
}

function defaultPrompt(shell: Shell, root: boolean): string {
  if (shell.dialect === "ash") return "\\w \\$ ";
  if (shell.dialect === "bash") return "\\s-\\v\\$ ";
  return root ? "# " : "$ ";
}

function* decodePrompt(shell: Shell, text: string, root: boolean): Steps<string> {
  if (!text.includes("\\")) return text;
  const { nodename } = yield* sys.uname();
  const directory = shell.variables.get("PWD") ?? (yield* sys.getcwd());
  const home = shell.variables.get("HOME");
  const short =
    home && home !== "/" && (directory === home || directory.startsWith(home + "/"))
      ? "~" + directory.slice(home.length)
      : directory;
  const version = (shell.process.identity.version || "5.2").split(".").slice(0, 2).join(".");
  const user = root ? "root" : (shell.variables.get("USER") ?? String((yield* sys.getuid()).euid));
  return text.replace(/\\([0-7]{3}|x[0-9a-fA-F]{1,2}|[^])/g, (whole, code: string) => {
    if (/^[0-7]{3}$/.test(code)) return String.fromCharCode(parseInt(code, 8));
    switch (code[0]) {
      case "w": return short;
      case "W": return short === "/" || short === "~" ? short : short.slice(short.lastIndexOf("/") + 1);
      case "h": return nodename.split(".")[0]!;
      case "H": return nodename;
      case "u": return user;
      case "$": return root ? "#" : "$";
      case "s": return shell.name.slice(shell.name.lastIndexOf("/") + 1);
      case "v":
      case "V": return version;
      case "n": return "\n";
      case "r": return "\r";
      case "e": return "\x1b";
      case "a": return "\x07";
      case "[":
      case "]": return "";
      case "\\": return "\\";
      case "x": return String.fromCharCode(parseInt(code.slice(1), 16));
      case "!": return String(shell.history.length + 1);
      case "#": return String(shell.history.length + 1);
      default: return whole;
    }
  }); // prettier-ignore
}

/** bash's PROMPT_COMMAND, before each prompt. */
export function* runPromptCommand(shell: Shell): Steps<void> {
  const command = shell.dialect === "bash" ? shell.variables.get("PROMPT_COMMAND") : undefined;
  if (!command) return;
  const { status } = shell;
  yield* evaluateText(shell, command);
  shell.status = status;
}
