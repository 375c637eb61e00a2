import { encodeText } from "./characters.ts";
import { arithmetic, expandInto, expandPattern, expandText } from "./expand.ts";
import { Fields } from "./fields.ts";
import { ShellFailure } from "./flow.ts";
import { patternSource, unquotePattern } from "./pattern.ts";
import type { OptionName, Shell, Steps } from "./shell.ts";
import type { ParameterOperation, WordPart } from "./syntax.ts";

type ParameterPart = Extract<WordPart, { type: "parameter" }>;

const optionLetters: [OptionName, string][] = [
  ["errexit", "e"], ["noglob", "f"], ["interactive", "i"], ["monitor", "m"], ["noexec", "n"], ["stdin", "s"], ["xtrace", "x"],
  ["verbose", "v"], ["noclobber", "C"], ["allexport", "a"], ["notify", "b"], ["nounset", "u"],
]; // prettier-ignore

/** The value of a parameter by name ("1", "?", "PATH"); undefined when unset. "@" and "*" are joined by blanks. */
export function parameterValue(shell: Shell, name: string): string | undefined {
  switch (name) {
    case "?": return String(shell.status);
    case "$": return String(shell.pid);
    case "!": return shell.backgroundPid === undefined ? undefined : String(shell.backgroundPid);
    case "#": return String(shell.positional.length);
    case "0": return shell.name;
    case "-": return optionLetters.filter(([option]) => shell.options.has(option)).map(([, letter]) => letter).join("");
    case "@":
    case "*": return shell.positional.length === 0 ? undefined : shell.positional.join(" ");
    case "LINENO": return String(shell.line);
  } // prettier-ignore
  if (/^\d+$/.test(name)) return shell.positional[Number(name) - 1];
  if (name === "RANDOM" && shell.dialect !== "dash" && shell.variables.get(name) === undefined)
    return randomNumber(shell);
  return shell.variables.get(name);
}

/** $RANDOM, of a generator that the shell seeds with its pid. */
function randomNumber(shell: Shell): string {
  const seed = Number(shell.variables.get(" random") ?? shell.pid * 7919);
  const next = (Math.imul(seed, 1103515245) + 12345) & 0x7fffffff;
  shell.variables.set(" random", String(next));
  return String((next >> 8) & 32767);
}

/** Expands `$name` and `${name…}` into `fields`. */
export function* expandParameter(shell: Shell, part: ParameterPart, fields: Fields): Steps<void> {
  const { operation } = part;
  if (operation?.type === "bad") throw new ShellFailure(badSubstitution(shell, part));
  const many = part.name === "@" || part.name === "*";
  let value = parameterValue(shell, part.name);
  if (operation?.type === "indirect" && value !== undefined) value = parameterValue(shell, value);
  if (operation && "word" in operation) return yield* expandDefault(shell, part, operation, value, fields);
  if (value === undefined && shell.options.has("nounset") && !many)
    throw new ShellFailure(unsetMessage(shell, part.name), shell.dialect === "bash" ? 127 : 2);
  if (operation?.type === "length") {
    const length = many
      ? shell.positional.length
      : shell.dialect === "dash"
        ? encodeText(value ?? "").length
        : [...(value ?? "")].length;
    return add(fields, String(length), part.quoted);
  }
  if (many && (!operation || operation.type === "substring")) {
    const list = operation ? yield* sliceParameters(shell, operation) : shell.positional;
    return addMany(shell, part, list, fields);
  }
  if (value === undefined && !operation) {
    if (part.quoted) fields.addQuoted("");
    return;
  }
  if (operation) value = yield* transform(shell, operation, value ?? "");
  add(fields, value!, part.quoted);
}

function add(fields: Fields, text: string, quoted: boolean): void {
  if (quoted) fields.addQuoted(text);
  else fields.addExpanded(text);
}

function addMany(shell: Shell, part: ParameterPart, list: readonly string[], fields: Fields): void {
  if (part.quoted && part.name === "*") {
    const ifs = shell.variables.get("IFS");
    return fields.addQuoted(list.join(ifs === undefined ? " " : (ifs[0] ?? "")));
  }
  for (const [at, text] of list.entries()) {
    if (at > 0) {
      if (fields.splits) fields.separate();
      else fields.addQuoted(" ");
    }
    if (part.quoted) fields.addQuoted(text);
    else fields.addExpanded(text);
  }
}

function* expandDefault(
  shell: Shell,
  part: ParameterPart,
  operation: Extract<ParameterOperation, { word: unknown }>,
  value: string | undefined,
  fields: Fields,
): Steps<void> {
  const has = value !== undefined && !(operation.colon && value === "");
  if (operation.type === "alternative") {
    if (has) yield* expandInto(shell, operation.word, fields, "text");
    else if (part.quoted) fields.addQuoted("");
    return;
  }
  if (has) {
    if (part.name === "@" || part.name === "*") return addMany(shell, part, shell.positional, fields);
    return add(fields, value, part.quoted);
  }
  if (operation.type === "default") {
    // What stands unquoted in the word is split like any expansion.
    for (const each of operation.word) {
      if (each.type === "literal" && !each.quoted && fields.splits && /\s/.test(each.text))
        fields.addExpanded(each.text);
      else yield* expandInto(shell, [each], fields, "text");
    }
    if (operation.word.length === 0 && part.quoted) fields.addQuoted("");
    return;
  }
  const text = yield* expandText(shell, operation.word);
  if (operation.type === "error") {
    const unset =
      shell.dialect === "bash"
        ? "parameter null or not set"
        : operation.colon
          ? "parameter not set or null"
          : "parameter not set";
    throw new ShellFailure(`${part.name}: ${text === "" ? unset : text}`, shell.dialect === "bash" ? 127 : 2);
  }
  if (!/^[A-Za-z_]/.test(part.name)) throw new ShellFailure(badSubstitution(shell, part));
  shell.variables.set(part.name, text);
  add(fields, text, part.quoted);
}

function* transform(shell: Shell, operation: ParameterOperation, value: string): Steps<string> {
  if (operation.type === "prefix" || operation.type === "suffix") {
    const source = patternSource(yield* expandPattern(shell, operation.pattern), {
      lazy: !operation.longest,
    });
    if (operation.type === "prefix") return value.replace(new RegExp(`^${source}`, "u"), "");
    // The head takes as much as it can, so that the tail is the shortest (or the reverse).
    const tail = new RegExp(`^([^]*${operation.longest ? "?" : ""})${source}$`, "u").exec(value);
    return tail ? tail[1]! : value;
  }
  if (operation.type === "substring") {
    const characters = [...value];
    const [start, end] = yield* bounds(shell, operation, characters.length);
    return characters.slice(start, end).join("");
  }
  if (operation.type === "replace") {
    const pattern = yield* expandPattern(shell, operation.pattern);
    if (pattern === "") return value;
    const replacement = unquotePattern(yield* expandPattern(shell, operation.replacement));
    const { anchor, all } = operation;
    const source = `${anchor === "#" ? "^" : ""}(?:${patternSource(pattern)})${anchor === "%" ? "$" : ""}`;
    return value.replace(new RegExp(source, all ? "gu" : "u"), () => replacement);
  }
  if (operation.type === "case") {
    const change = (text: string) => (operation.upper ? text.toUpperCase() : text.toLowerCase());
    return operation.all ? change(value) : change(value.slice(0, 1)) + value.slice(1);
  }
  return value;
}

function* bounds(
  shell: Shell,
  operation: Extract<ParameterOperation, { type: "substring" }>,
  size: number,
): Steps<[number, number]> {
  let start = Number(yield* arithmetic(shell, yield* expandText(shell, operation.offset)));
  if (start < 0) start += size;
  if (start < 0) return [0, 0];
  if (!operation.length) return [start, size];
  const length = Number(yield* arithmetic(shell, yield* expandText(shell, operation.length)));
  return [start, length < 0 ? size + length : start + length];
}

function* sliceParameters(
  shell: Shell,
  operation: Extract<ParameterOperation, { type: "substring" }>,
): Steps<string[]> {
  const all = [shell.name, ...shell.positional];
  const [start, end] = yield* bounds(shell, operation, all.length);
  return all.slice(start === 0 && !operation.length ? 1 : start, end);
}

function badSubstitution(shell: Shell, part: ParameterPart): string {
  if (shell.dialect === "dash") return "Bad substitution";
  if (shell.dialect === "bash") return `${part.source}: bad substitution`;
  return "syntax error: bad substitution";
}

function unsetMessage(shell: Shell, name: string): string {
  return shell.dialect === "bash"
    ? `${/^\d/.test(name) ? "$" + name : name}: unbound variable`
    : `${name}: parameter not set`;
}
