import type { Cli } from "../cli.ts";
import { StatusError } from "../exit.ts";
import { TemplateError } from "../template/execute.ts";
import type { GoType } from "../template/gotype.ts";
import { dynamic, GoValue } from "../template/govalue.ts";
import { compactJson, indentJson, parseJson, parseJsonNumbers, toJson } from "../template/json.ts";
import { TemplateSyntaxError } from "../template/parse.ts";
import { Template } from "../template/template.ts";

/** An object as the engine described it. */
export interface InspectedObject {
  /** The engine's JSON, as it came. */
  raw: string;
  /** The type that Docker's own client reads it into; templates try this first. */
  type: GoType;
  /** Docker forgets the bare JSON: what it prints is the typed object alone. */
  typedOnly?: boolean;
}

/**
 * Prints objects as every `docker … inspect` does: an indented JSON array, the same on one line (`--format json`),
 * or by a template. A template is tried on the typed object and, when that fails, on the bare JSON, where an absent key is an
 * error. What cannot be found is reported after the rest, status 1; a template that is none ends it at once, 64.
 */
export async function inspect(
  cli: Cli,
  references: readonly string[],
  format: string,
  find: (reference: string) => Promise<InspectedObject>,
): Promise<void> {
  const inspector = inspectorFor(format);
  const errors: string[] = [];
  for (const reference of references) {
    try {
      inspector.add(await find(reference));
    } catch (error) {
      errors.push((error as Error).message);
    }
  }
  await cli.out.write(inspector.printed());
  if (errors.length > 0) throw new StatusError(1, errors.join("\n"));
}

interface Inspector {
  add(object: InspectedObject): void;
  printed(): string;
}

function inspectorFor(format: string): Inspector {
  if (format === "" || format === "json") return jsonInspector(format === "json");
  return templateInspector(format);
}

function jsonInspector(compact: boolean): Inspector {
  const objects: string[] = [];
  return {
    add: ({ raw, type, typedOnly }) =>
      void objects.push(typedOnly ? toJson(new GoValue(type, parseJson(raw))) : raw.trim()),
    printed: () => {
      const array = `[${objects.join(",")}]`;
      return `${compact ? compactJson(array) : indentJson(array, "", "    ")}\n`;
    },
  };
}

function templateInspector(format: string): Inspector {
  let template: Template;
  try {
    template = new Template(format);
  } catch (error) {
    if (error instanceof TemplateSyntaxError)
      throw new StatusError(64, `template parsing error: ${error.message}`);
    throw error;
  }
  let out = "";
  // Once an object needed the bare JSON, absent keys are errors for all that follow.
  let missingKeyIsError = false;
  return {
    add: ({ raw, type, typedOnly }) => {
      const typed = fromTyped(template, raw, type, missingKeyIsError);
      if (typed instanceof TemplateError && typedOnly) throw named(typed);
      missingKeyIsError ||= typed instanceof TemplateError;
      out += `${typed instanceof TemplateError ? fromJson(template, raw) : typed}\n`;
    },
    printed: () => out || "\n",
  };
}

function fromTyped(
  template: Template,
  raw: string,
  type: GoType,
  missingKeyIsError: boolean,
): string | TemplateError {
  try {
    return template.execute(new GoValue(type, parseJson(raw)), { missingKeyIsError });
  } catch (error) {
    if (error instanceof TemplateError) return error;
    throw error;
  }
}

function fromJson(template: Template, raw: string): string {
  try {
    return template.execute(dynamic(parseJsonNumbers(raw)), { missingKeyIsError: true });
  } catch (error) {
    throw error instanceof TemplateError ? named(error) : error;
  }
}

const named = (error: TemplateError) => new Error(`template parsing error: ${error.message}`);
