import { AwkSyntaxError } from "./syntax.ts";

export interface AwkToken {
  type:
    | "number"
    | "string"
    | "regex"
    | "name"
    | "function call"
    | "builtin"
    | "keyword"
    | "operator"
    | "newline"
    | "end";
  text: string;
  line: number;
}

const keywords = new Set([
  "BEGIN",
  "END",
  "function",
  "func",
  "if",
  "else",
  "while",
  "for",
  "do",
  "break",
  "continue",
  "next",
  "nextfile",
  "exit",
  "return",
  "delete",
  "in",
  "getline",
  "print",
  "printf",
]);

export const awkBuiltins = new Set([
  "length",
  "substr",
  "index",
  "split",
  "sub",
  "gsub",
  "gensub",
  "match",
  "sprintf",
  "sin",
  "cos",
  "atan2",
  "exp",
  "log",
  "sqrt",
  "int",
  "rand",
  "srand",
  "tolower",
  "toupper",
  "system",
  "close",
  "fflush",
  "strftime",
  "systime",
  "and",
  "or",
  "xor",
  "lshift",
  "rshift",
  "compl",
  "mktime",
  "toupper",
]);

const operatorPattern =
  /\*\*=|\*\*|\+\+|--|\+=|-=|\*=|\/=|%=|\^=|==|<=|>=|!=|!~|&&|\|\||>>|[-{}()[\];,+*/%^!<>|?:~$=]/y;

const escapes: Record<string, string> = {
  n: "\n",
  t: "\t",
  r: "\r",
  "\\": "\\",
  '"': '"',
  "/": "/",
  a: "\x07",
  b: "\b",
  f: "\f",
  v: "\v",
};

/** Backslash escapes of an awk string. */
export function unescapeAwk(text: string): string {
  return text.replace(/\\([0-7]{1,3}|[^])/g, (whole, code: string) => {
    if (/^[0-7]/.test(code)) return String.fromCharCode(parseInt(code, 8));
    return escapes[code] ?? whole;
  });
}

/** Cuts an awk program into tokens. */
export function tokenizeAwk(source: string): AwkToken[] {
  const tokens: AwkToken[] = [];
  let line = 1;
  let at = 0;
  const push = (type: AwkToken["type"], text: string) => tokens.push({ type, text, line });
  // A slash divides after a value, and begins a regular expression elsewhere.
  const afterValue = () => {
    const last = tokens.at(-1);
    return (
      last !== undefined &&
      (["number", "string", "name", "builtin", "regex"].includes(last.type) ||
        (last.type === "operator" && [")", "]", "$", "++", "--"].includes(last.text)))
    );
  };
  while (at < source.length) {
    const character = source[at]!;
    if (character === "\n") {
      push("newline", "\n");
      line++;
      at++;
    } else if (/[ \t\r]/.test(character)) at++;
    else if (character === "\\" && /^\\\r?\n/.test(source.slice(at))) {
      at = source.indexOf("\n", at) + 1;
      line++;
    } else if (character === "#") {
      const end = source.indexOf("\n", at);
      at = end < 0 ? source.length : end;
    } else if (character === '"') {
      let end = at + 1;
      while (end < source.length && source[end] !== '"') end += source[end] === "\\" ? 2 : 1;
      if (end >= source.length) throw new AwkSyntaxError("end of line", line);
      push("string", unescapeAwk(source.slice(at + 1, end).replace(/\\\n/g, "")));
      at = end + 1;
    } else if (character === "/" && !afterValue()) {
      let end = at + 1;
      let bracket = false;
      while (end < source.length && (source[end] !== "/" || bracket)) {
        if (source[end] === "\\") end++;
        else if (source[end] === "[") bracket = true;
        else if (source[end] === "]") bracket = false;
        end++;
      }
      if (end >= source.length) throw new AwkSyntaxError("/", line);
      push("regex", source.slice(at + 1, end).replace(/\\\//g, "/"));
      at = end + 1;
    } else if (
      /[0-9.]/.test(character) &&
      /^(0[xX][0-9a-fA-F]+|\d+\.?\d*([eE][-+]?\d+)?|\.\d+([eE][-+]?\d+)?)/.test(source.slice(at))
    ) {
      const [text] = /^(0[xX][0-9a-fA-F]+|\d+\.?\d*([eE][-+]?\d+)?|\.\d+([eE][-+]?\d+)?)/.exec(
        source.slice(at),
      )!;
      push("number", text);
      at += text.length;
    } else if (/[A-Za-z_]/.test(character)) {
      const [text] = /^\w+/.exec(source.slice(at))!;
      at += text.length;
      if (keywords.has(text)) push("keyword", text);
      else if (awkBuiltins.has(text)) push("builtin", text);
      else push(source[at] === "(" ? "function call" : "name", text);
    } else {
      operatorPattern.lastIndex = at;
      const match = operatorPattern.exec(source);
      if (!match) throw new AwkSyntaxError(character, line);
      push("operator", match[0]);
      at += match[0].length;
    }
  }
  push("end", "end of file");
  return tokens;
}
