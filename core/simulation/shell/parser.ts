import { ShellSource } from "./source.ts";
import { ShellSyntaxError, plainText } from "./syntax.ts";
import type { Assignment, Command, CompoundBody, Pipeline, Redirection, Sequence, Word } from "./syntax.ts";
import { Tokens, tokenText } from "./tokens.ts";
import type { Token } from "./tokens.ts";

export interface ParserOptions {
  /** Extensions that bash and busybox's ash have over POSIX. */
  extended: boolean;
  /** bash's own: `<<<`, `;&`. */
  bash: boolean;
  alias(name: string): string | undefined;
}

const reserved = new Set([
  "if",
  "then",
  "else",
  "elif",
  "fi",
  "do",
  "done",
  "case",
  "esac",
  "while",
  "until",
  "for",
  "{",
  "}",
  "!",
  "in",
]);
const closing = new Set(["then", "else", "elif", "fi", "do", "done", "esac", "}"]);
const redirections = new Set(["<", ">", ">>", "<>", ">|", "<&", ">&", "<<", "<<-", "<<<", "&>"]);

/**
 * Parses shell text command by command. Throws ShellSyntaxError, or IncompleteCommand where the text ends within a
 * command and the source is not final.
 */
export class Parser {
  readonly #source: ShellSource;
  readonly #tokens: Tokens;
  readonly #options: ParserOptions;
  /** Aliases that are being expanded, with where their text ends: they are not expanded within it. */
  #aliases: { name: string; end: number }[] = [];
  /** The last alias ended in a blank: the next word may be an alias too. */
  #aliasNext = -1;

  constructor(source: ShellSource, options: ParserOptions) {
    this.#source = source;
    this.#options = options;
    const commandSubstitution = (inner: ShellSource) => new Parser(inner, options).parseSubstitution();
    this.#tokens = new Tokens(source, { extended: options.extended, commandSubstitution }, options.bash);
  }

  /** The next line's commands; undefined at the end of the text; an empty sequence for an empty line. */
  parseLine(): Sequence | undefined {
    const first = this.#tokens.peek();
    if (first.type === "end") return undefined;
    const commands = this.#list(false);
    const end = this.#tokens.next();
    if (end.type !== "newline" && end.type !== "end") this.#unexpected(end);
    return commands;
  }

  /** How many characters of the original text have not been parsed. */
  get unread(): number {
    return this.#source.text.length - this.#source.at;
  }

  /** The commands of `$(` up to its closing parenthesis, which is taken too. */
  parseSubstitution(): Sequence {
    const body = this.#list(true);
    const end = this.#tokens.next();
    if (end.type !== "operator" || end.text !== ")") this.#unexpected(end, ")");
    return body;
  }

  #unexpected(token: Token, expecting?: string): never {
    throw new ShellSyntaxError(
      { type: "unexpected", token: this.#tokenName(token), ...(expecting ? { expecting } : {}) },
      token.line,
    );
  }

  #tokenName(token: Token): string {
    if (token.type === "operator" && redirections.has(token.text) && !this.#options.bash)
      return "redirection";
    if (token.type !== "word") return tokenText(token);
    const text = plainText(token.word);
    return text !== undefined && (reserved.has(text) || this.#options.bash) ? text : "word";
  }

  /** The reserved word that the next token is. */
  #keyword(): string | undefined {
    const token = this.#tokens.peek();
    if (token.type !== "word") return undefined;
    const text = plainText(token.word);
    return text !== undefined && reserved.has(text) ? text : undefined;
  }

  #expect(keyword: string): void {
    if (this.#keyword() === keyword) this.#tokens.next();
    else this.#unexpected(this.#tokens.peek(), keyword);
  }

  #operator(...texts: string[]): string | undefined {
    const token = this.#tokens.peek();
    return token.type === "operator" && texts.includes(token.text) ? token.text : undefined;
  }

  #skipNewlines(): void {
    while (this.#tokens.peek().type === "newline") this.#tokens.next();
  }

  /** Commands separated by ; & and (with `lines`) newlines. */
  #list(lines: boolean): Sequence {
    const commands: Sequence["commands"] = [];
    for (;;) {
      this.#expandAlias();
      if (lines) this.#skipNewlines();
      this.#expandAlias();
      const token = this.#tokens.peek();
      if (token.type === "end" || token.type === "newline") break;
      if (token.type === "operator" && !redirections.has(token.text) && token.text !== "(") {
        if (token.text === ")" || ((token.text === ";;" || token.text === ";&") && lines)) break;
        this.#unexpected(token);
      }
      const keyword = this.#keyword();
      if (keyword && closing.has(keyword)) {
        if (lines) break;
        this.#unexpected(token);
      }
      const start = token.start;
      const command = this.#andOr();
      const text = this.#text(start);
      const separator = this.#operator("&", ";");
      commands.push({ command, background: separator === "&", text });
      if (separator) this.#tokens.next();
      else if (!(lines && this.#tokens.peek().type === "newline")) break;
    }
    return { type: "sequence", commands };
  }

  /** A list that must not be empty, as the bodies of compound commands. */
  #body(end: string): Sequence {
    const body = this.#list(true);
    const next = this.#tokens.peek();
    if (body.commands.length === 0) this.#unexpected(next, next.type === "end" ? end : undefined);
    return body;
  }

  #text(start: number): string {
    return this.#source.text.slice(start, this.#tokens.peek().start).trim();
  }

  #andOr(): Command {
    let left = this.#pipeline();
    for (;;) {
      const operator = this.#operator("&&", "||");
      if (!operator) return left;
      this.#tokens.next();
      this.#skipNewlines();
      left = { type: operator === "&&" ? "and" : "or", left, right: this.#pipeline() };
    }
  }

  #pipeline(): Command {
    this.#expandAlias();
    const { start } = this.#tokens.peek();
    let negated = false;
    let timed = false;
    while (this.#keyword() === "!") {
      this.#tokens.next();
      negated = !negated;
      this.#expandAlias();
    }
    const first = this.#tokens.peek();
    if (this.#options.bash && first.type === "word" && plainText(first.word) === "time") {
      this.#tokens.next();
      timed = true;
    }
    const commands = [this.#command()];
    while (this.#operator("|")) {
      this.#tokens.next();
      this.#skipNewlines();
      commands.push(this.#command());
    }
    if (commands.length === 1 && !negated && !timed) return commands[0]!;
    return { type: "pipeline", commands, negated, timed, text: this.#text(start) } satisfies Pipeline;
  }

  #command(): Command {
    this.#expandAlias();
    const token = this.#tokens.peek();
    const { line } = token;
    const body = this.#compound(token);
    if (!body) return this.#simple();
    const list: Redirection[] = [];
    for (let redirection = this.#redirection(); redirection; redirection = this.#redirection())
      list.push(redirection);
    return { type: "compound", body, redirections: list, line };
  }

  #compound(token: Token): CompoundBody | undefined {
    if (token.type === "operator" && token.text === "(") {
      this.#tokens.next();
      const body = this.#body(")");
      const end = this.#tokens.next();
      if (end.type !== "operator" || end.text !== ")") this.#unexpected(end, ")");
      return { type: "subshell", body };
    }
    const keyword = this.#keyword();
    if (keyword === undefined || keyword === "in") return undefined;
    if (closing.has(keyword)) this.#unexpected(token);
    if (keyword === "!") this.#unexpected(token);
    this.#tokens.next();
    if (keyword === "{") {
      const body = this.#body("}");
      this.#expect("}");
      return { type: "group", body };
    }
    if (keyword === "if") return this.#if();
    if (keyword === "for") return this.#for();
    if (keyword === "case") return this.#case();
    const condition = this.#body("do");
    return { type: "while", until: keyword === "until", condition, body: this.#doGroup() };
  }

  #doGroup(): Sequence {
    this.#expect("do");
    const body = this.#body("done");
    this.#expect("done");
    return body;
  }

  #if(): CompoundBody {
    const clauses = [];
    for (;;) {
      const condition = this.#body("then");
      this.#expect("then");
      clauses.push({ condition, body: this.#body("fi") });
      if (this.#keyword() !== "elif") break;
      this.#tokens.next();
    }
    if (this.#keyword() !== "else") {
      this.#expect("fi");
      return { type: "if", clauses };
    }
    this.#tokens.next();
    const otherwise = this.#body("fi");
    this.#expect("fi");
    return { type: "if", clauses, otherwise };
  }

  #for(): CompoundBody {
    const token = this.#tokens.next();
    const variable = token.type === "word" ? plainText(token.word) : undefined;
    if (variable === undefined || !/^[A-Za-z_]\w*$/.test(variable)) {
      throw new ShellSyntaxError({ type: "other", text: "Bad for loop variable" }, token.line);
    }
    this.#skipNewlines();
    let words: Word[] | undefined;
    if (this.#keyword() === "in") {
      this.#tokens.next();
      words = [];
      for (let next = this.#tokens.peek(); next.type === "word"; next = this.#tokens.peek()) {
        words.push(next.word);
        this.#tokens.next();
      }
      const end = this.#tokens.peek();
      if (end.type !== "newline" && !this.#operator(";")) this.#unexpected(end);
      this.#tokens.next();
    } else if (this.#operator(";")) this.#tokens.next();
    this.#skipNewlines();
    return { type: "for", variable, ...(words ? { words } : {}), body: this.#doGroup() };
  }

  #case(): CompoundBody {
    const token = this.#tokens.next();
    if (token.type !== "word") this.#unexpected(token, "word");
    this.#skipNewlines();
    this.#expect("in");
    this.#skipNewlines();
    const clauses: Extract<CompoundBody, { type: "case" }>["clauses"] = [];
    while (this.#keyword() !== "esac") {
      if (this.#operator("(")) this.#tokens.next();
      const patterns: Word[] = [];
      for (;;) {
        const pattern = this.#tokens.next();
        if (pattern.type !== "word") this.#unexpected(pattern, patterns.length === 0 ? undefined : "word");
        patterns.push(pattern.word);
        if (!this.#operator("|")) break;
        this.#tokens.next();
      }
      const end = this.#tokens.next();
      if (end.type !== "operator" || end.text !== ")") this.#unexpected(end, ")");
      const body = this.#list(true);
      const next = this.#operator(";;", ";&") === ";&" ? ";&" : ";;";
      clauses.push({ patterns, body, next });
      this.#skipNewlines();
      if (this.#operator(";;", ";&")) this.#tokens.next();
      else if (this.#keyword() !== "esac") this.#unexpected(this.#tokens.peek(), ";;");
      this.#skipNewlines();
    }
    this.#tokens.next();
    return { type: "case", word: token.word, clauses };
  }

  #simple(): Command {
    const assignments: Assignment[] = [];
    const words: Word[] = [];
    const list: Redirection[] = [];
    const { line } = this.#tokens.peek();
    for (;;) {
      const redirection = this.#redirection();
      if (redirection) {
        list.push(redirection);
        continue;
      }
      if (words.length === 0 || this.#aliasNext === this.#tokens.peek().start) this.#expandAlias();
      const token = this.#tokens.peek();
      if (
        token.type === "operator" &&
        token.text === "(" &&
        words.length === 1 &&
        list.length + assignments.length === 0
      ) {
        return this.#function(words[0]!, line);
      }
      if (token.type !== "word") break;
      this.#tokens.next();
      const assignment = words.length === 0 ? asAssignment(token.word) : undefined;
      if (assignment) assignments.push(assignment);
      else if (words.length === 0 && this.#options.extended && plainText(token.word) === "function") {
        const name = this.#tokens.next();
        if (name.type !== "word") this.#unexpected(name);
        if (this.#operator("(")) return this.#function(name.word, line);
        return this.#functionBody(name.word, line);
      } else words.push(token.word);
    }
    if (assignments.length + words.length + list.length === 0) this.#unexpected(this.#tokens.peek());
    return { type: "simple", assignments, words, redirections: list, line };
  }

  #function(name: Word, line: number): Command {
    this.#tokens.next();
    const end = this.#tokens.next();
    if (end.type !== "operator" || end.text !== ")") this.#unexpected(end, ")");
    return this.#functionBody(name, line);
  }

  #functionBody(word: Word, line: number): Command {
    const name = plainText(word);
    if (name === undefined || (!this.#options.bash && !/^[\w.:+@-]+$/.test(name))) {
      throw new ShellSyntaxError({ type: "other", text: "Bad function name" }, line);
    }
    this.#skipNewlines();
    return { type: "function", name, body: this.#command(), line };
  }

  #redirection(): Redirection | undefined {
    let fd: number | undefined;
    if (this.#tokens.peek().type === "descriptor")
      fd = (this.#tokens.next() as Token & { type: "descriptor" }).fd;
    const token = this.#tokens.peek();
    if (token.type !== "operator" || !redirections.has(token.text)) return undefined;
    this.#tokens.next();
    const target = this.#tokens.next();
    if (target.type !== "word" && target.type !== "descriptor") this.#unexpected(target);
    const word: Word =
      target.type === "word" ? target.word : [{ type: "literal", text: String(target.fd), quoted: false }];
    const operator = (token.text === "<<-" ? "<<" : token.text) as Redirection["operator"];
    const redirection: Redirection = { ...(fd === undefined ? {} : { fd }), operator, target: word };
    if (operator === "<<") this.#tokens.expectHereDocument(redirection, word, token.text === "<<-");
    return redirection;
  }

  /** Puts an alias's text in the place of the next token, if that is the name of one. */
  #expandAlias(): void {
    const token = this.#tokens.peek();
    if (token.type !== "word") return;
    const name = plainText(token.word);
    if (name === undefined || reserved.has(name)) return;
    const value = this.#options.alias(name);
    if (value === undefined || this.#aliases.some((alias) => alias.name === name && token.start < alias.end))
      return;
    const end = this.#source.at;
    const { text } = this.#source;
    this.#source.text = text.slice(0, token.start) + value + text.slice(end);
    const growth = value.length - (end - token.start);
    for (const alias of this.#aliases) if (alias.end >= end) alias.end += growth;
    this.#aliases.push({ name, end: token.start + value.length });
    this.#tokens.rewind(token.start);
    this.#aliasNext = -1;
    if (/\s$/.test(value)) {
      const after = token.start + value.length;
      this.#aliasNext = after + /^[ \t]*/.exec(this.#source.text.slice(after))![0].length;
    }
    this.#expandAlias();
  }
}

/** `name=value` as an assignment; undefined for any other word. */
export function asAssignment(word: Word): Assignment | undefined {
  const first = word[0];
  if (first?.type !== "literal" || first.quoted) return undefined;
  const match = /^([A-Za-z_]\w*)(\+?)=/.exec(first.text);
  if (!match) return undefined;
  const rest = first.text.slice(match[0].length);
  const value: Word = rest === "" ? word.slice(1) : [{ ...first, text: rest }, ...word.slice(1)];
  return { name: match[1]!, value, append: match[2] === "+" };
}
