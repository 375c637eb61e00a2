import { TemplateError } from "../template/execute.ts";
import { any, type GoMethod, type GoType, map, named, pointer, string, struct } from "../template/gotype.ts";
import { goBool, goString, GoValue } from "../template/govalue.ts";
import { toJson } from "../template/json.ts";
import { TemplateSyntaxError } from "../template/parse.ts";
import { Template } from "../template/template.ts";
import { alignTabs, tableLayout } from "./tabwriter.ts";

/** A column of a list: what `{{.Name}}` prints for a row, or `{{.Label "x"}}` with parameters. */
export type Column<Row> =
  | ((row: Row) => string | boolean | GoValue)
  | { parameters: readonly GoType[]; call(row: Row, ...parameters: string[]): string };

/** What the rows of a list are to templates: columns that can be printed, and their names in a table's header. */
export interface RowType<Row> {
  /** The Go type, of which each row is a value. */
  type: GoType;
  header: GoValue;
  /** Never there: carries the type of a row. */
  row?: Row;
}

/**
 * Declares the rows of a list. `name` is the Go type that errors show, without the "*": "formatter.imageContext".
 * `{{json .}}` prints every column without parameters, by name.
 */
export function rowType<Row>(
  name: string,
  headers: Record<string, string>,
  columns: Record<string, Column<Row>>,
): RowType<Row> {
  const methods: Record<string, GoMethod> = {};
  for (const [column, print] of Object.entries(columns)) {
    methods[column] =
      typeof print === "function"
        ? { parameters: [], variadic: false, call: (row: Row) => wrapped(print(row)) }
        : {
            parameters: print.parameters,
            variadic: false,
            call: (row: Row, ...parameters: GoValue[]) =>
              goString(print.call(row, ...parameters.map((given) => String(given.data)))),
          };
  }
  methods["FullHeader"] = { parameters: [], variadic: false, call: () => new GoValue(any, null) };
  const marshalled = Object.keys(methods)
    .filter((column) => column !== "FullHeader" && methods[column]!.parameters.length === 0)
    .sort();
  const marshal = (row: Row) =>
    `{${marshalled.map((column) => `"${column}":${toJson(methods[column]!.call(row as never))}`).join(",")}}`;
  const base = struct(name, { Header: any }, methods);
  const type: GoType = { ...pointer(base), marshal: marshal as (data: never) => string };
  return { type, header: new GoValue(headerType, headers) };
}

function wrapped(printed: string | boolean | GoValue): GoValue {
  if (printed instanceof GoValue) return printed;
  return typeof printed === "string" ? goString(printed) : goBool(printed);
}

/** A table's header: the names of columns, by column; a label's is the last part of its key. */
const headerType = named("formatter.SubHeaderContext", map(string, string), {
  Label: {
    parameters: [string],
    variadic: false,
    call: (_: unknown, label: GoValue) =>
      goString(String(label.data).split(".").at(-1)!.replace(/[-_]/g, " ")),
  },
});

export const isTable = (format: string) => format.startsWith("table");

/** The template within a `--format`: without "table", with \t and \n for a tab and a newline, "json" for {{json .}}. */
export function templateText(format: string): string {
  if (format === "json") return "{{json .}}";
  const template = isTable(format) ? format.slice("table".length) : format;
  return template
    .replace(/^ +| +$/g, "")
    .replaceAll("\\t", "\t")
    .replaceAll("\\n", "\n");
}

/** Does `work`; its template errors get Docker's words before them. */
export function namingTemplateErrors<T>(work: () => T, words = "template parsing error"): T {
  try {
    return work();
  } catch (error) {
    if (error instanceof TemplateSyntaxError || error instanceof TemplateError)
      throw new Error(`${words}: ${error.message}`);
    throw error;
  }
}

/**
 * The whole text that a list prints by `--format`: a table with its header ("table {{.ID}}\t…"), a line for each row
 * ("{{.ID}}"), JSON lines ("json"). Throws an Error with Docker's text for a template that cannot be used.
 */
export function formatRows<Row>(format: string, type: RowType<Row>, rows: readonly Row[]): string {
  return namingTemplateErrors(() => {
    const template = new Template(templateText(format));
    const lines = rows.map((row) => `${template.execute(new GoValue(type.type, row))}\n`).join("");
    return isTable(format) ? alignTabs(`${headerLine(template, type.header)}\n${lines}`, tableLayout) : lines;
  });
}

/** Docker prints what it can of a header and says nothing about the rest. */
function headerLine(template: Template, header: GoValue): string {
  try {
    return template.executeHeader(header);
  } catch (error) {
    if (error instanceof TemplateError) return error.output;
    throw error;
  }
}

/** The labels as a column prints them: in order, which Docker leaves to chance. */
export function joinLabels(labels: Readonly<Record<string, string>> | null | undefined): string {
  return Object.keys(labels ?? {})
    .sort()
    .map((key) => `${key}=${labels![key]}`)
    .join(",");
}

/** `{{.Label "key"}}`. */
export function labelColumn<Row>(
  labelsOf: (row: Row) => Readonly<Record<string, string>> | null | undefined,
): Column<Row> {
  return { parameters: [string], call: (row: Row, key = "") => labelsOf(row)?.[key] ?? "" };
}
