import { expect, test } from "vitest";
import { versionInfo } from "../formatter/types/version.ts";
import { TemplateError } from "./execute.ts";
import { GoValue } from "./govalue.ts";
import { TemplateSyntaxError } from "./parse.ts";
import recorded from "./recorded.json";
import { Template } from "./template.ts";

/** What `docker version --format` prints: the template's output, a newline, and the error if there is one. */
function run(text: string): string {
  const data = new GoValue(versionInfo, recorded.data);
  try {
    return `${new Template(text, "version").execute(data)}\n`;
  } catch (error) {
    if (error instanceof TemplateSyntaxError) return `template parsing error: ${error.message}\n`;
    if (error instanceof TemplateError) return `${error.output}\n${error.message}\n`;
    throw error;
  }
}

test.each(recorded.cases as [string, string][])("%j is executed as Docker does", (template, output) => {
  expect(run(template).replace(/0xc0[0-9a-f]+/g, "0xc0")).toBe(output);
});
