import { execute } from "./execute.ts";
import { builtins, dockerFunctions, headerFunctions } from "./functions.ts";
import type { MaybeValue } from "./govalue.ts";
import { parse, type ParsedTemplate } from "./parse.ts";

const functionNames: ReadonlySet<string> = new Set([
  ...Object.keys(builtins),
  ...Object.keys(dockerFunctions),
]);

/** A Go template with Docker's functions, as `--format` takes it. */
export class Template {
  readonly #parsed: ParsedTemplate;

  /** Throws a TemplateSyntaxError ("template: :1: unclosed action"). `name` is only for errors; Docker's are mostly "". */
  constructor(text: string, name = "") {
    this.#parsed = parse(name, text, functionNames);
  }

  /** What the template prints for `value`. Throws a TemplateError. */
  execute(value: MaybeValue, options: { missingKeyIsError?: boolean } = {}): string {
    return execute(this.#parsed, value, {
      functions: dockerFunctions,
      missingKeyIsError: options.missingKeyIsError,
    });
  }

  /** The template as a table's header prints it: Docker's functions leave the columns' names alone. */
  executeHeader(header: MaybeValue): string {
    return execute(this.#parsed, header, { functions: { ...dockerFunctions, ...headerFunctions } });
  }
}
