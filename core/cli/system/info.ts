import { ConnectionFailed } from "../../client/errors.ts";
import type { Cli } from "../cli.ts";
import { command, none } from "../command.ts";
import { StatusError } from "../exit.ts";
import { inspectFormat } from "../formatter/flag_texts.ts";
import { namingTemplateErrors } from "../formatter/format.ts";
import { clientOnlyInfo, dockerInfo } from "../formatter/types/info.ts";
import { indexServer, storedCredentials } from "../registry/credentials.ts";
import { TemplateError } from "../template/execute.ts";
import { GoValue } from "../template/govalue.ts";
import { TemplateSyntaxError } from "../template/parse.ts";
import { Template } from "../template/template.ts";
import { serverLines } from "./info_text.ts";
import type { SystemInfo } from "./info_text.ts";
import { clientVersion } from "./version.ts";

/** docker info, docker system info. */
export const info = command({
  usage: "info [OPTIONS]",
  aliasLine: "docker system info, docker info",
  short: "Show what is known of the engine",
  commonRank: 12,
  flags: { format: inspectFormat },
  arguments: none,
  run: (cli, _, { format }) => (format === "" ? writeText(cli) : writeFormatted(cli, format)),
});

const clientInfo = (cli: Cli) => ({ Debug: cli.debug, ...clientVersion(cli), Plugins: [], Warnings: null });

async function writeText(cli: Cli): Promise<void> {
  const { Version, Context, Debug } = clientInfo(cli);
  let server: SystemInfo | undefined;
  const failure = await (await cli.client()).json<SystemInfo>("GET", "/info").then(
    (answer) => void (server = answer),
    (error: Error) => error,
  );
  const head = [
    "Client:",
    ` Version:    ${Version}`,
    ` Context:    ${Context}`,
    ` Debug Mode: ${Debug}`,
    "",
    "Server:",
  ];
  const user = username(cli);
  const shown = server ? serverLines(server, { debug: cli.debug, user }) : { lines: [], errors: [] };
  await cli.out.write([...head, ...shown.lines].map((line) => `${line}\n`).join(""));
  for (const warning of server?.Warnings ?? []) await cli.err.line(warning);
  const errors =
    failure && !(failure instanceof ConnectionFailed) ? [...shown.errors, failure.message] : shown.errors;
  for (const error of errors) await cli.err.line(`ERROR: ${error}`);
  if (errors.length > 0) throw new Error("errors pretty printing info");
  if (failure) throw failure;
}

function username(cli: Cli): string {
  return storedCredentials(cli.config, indexServer).username ?? "";
}

async function writeFormatted(cli: Cli, format: string): Promise<void> {
  const client = { ClientInfo: clientInfo(cli) };
  const data: Record<string, unknown> = { ...client };
  let failure: Error | undefined;
  if (needsServer(format, client)) {
    await (await cli.client()).json<SystemInfo>("GET", "/info").then(
      (answer) => void Object.assign(data, answer),
      async (error: Error) => {
        if (error instanceof ConnectionFailed) failure = error;
        else {
          data["ServerErrors"] = [error.message];
          await cli.err.line(error.message);
        }
      },
    );
  }
  const errors = failure ? [failure.message] : [];
  const template = templateOf(format, errors);
  try {
    await cli.out.line(template.execute(new GoValue(dockerInfo, data)));
  } catch (error) {
    if (!(error instanceof TemplateError)) throw error;
    await cli.out.line(error.output);
    errors.push(error.message);
  }
  if (errors.length > 0) throw new Error(errors.join("\n"));
}

function templateOf(format: string, errors: string[]): Template {
  try {
    return namingTemplateErrors(() => new Template(format === "json" ? "{{json .}}" : format));
  } catch (error) {
    throw new StatusError(64, [...errors, (error as Error).message].join("\n"));
  }
}

/** Whether the template asks for anything of the engine: tried on what the client knows alone. */
function needsServer(format: string, client: object): boolean {
  if (format === "json" || format === "{{json .}}" || !/\.[a-zA-Z]/.test(format)) return true;
  try {
    new Template(format).execute(new GoValue(clientOnlyInfo, client));
    return false;
  } catch (error) {
    if (error instanceof TemplateError || error instanceof TemplateSyntaxError) return true;
    throw error;
  }
}
