import { clientApiVersion } from "../../client/client.ts";
import type { Cli } from "../cli.ts";
import { command, none } from "../command.ts";
import { StatusError } from "../exit.ts";
import { inspectFormat } from "../formatter/flag_texts.ts";
import { namingTemplateErrors } from "../formatter/format.ts";
import { alignTabs } from "../formatter/tabwriter.ts";
import { versionInfo } from "../formatter/types/version.ts";
import { TemplateError } from "../template/execute.ts";
import { GoValue } from "../template/govalue.ts";
import { Template } from "../template/template.ts";
import { formatLayout, parseRfc3339 } from "../timestamps.ts";
import { buildTime, gitCommit, goVersion, version as clientRelease } from "../version.ts";

interface Component {
  Name: string;
  Version: string;
  Details?: Record<string, string> | null;
}

/** types.Version of the API. */
interface ServerVersion {
  Platform?: { Name: string };
  Components?: Component[] | null;
  Version: string;
  ApiVersion: string;
  MinAPIVersion?: string;
  GitCommit: string;
  GoVersion: string;
  Os: string;
  Arch: string;
  Experimental?: boolean;
  BuildTime?: string;
}

/** What is known of this command line without asking anybody. */
export function clientVersion(cli: Cli) {
  return {
    Version: clientRelease,
    DefaultAPIVersion: clientApiVersion,
    GitCommit: gitCommit,
    GoVersion: goVersion,
    Os: cli.console.platform.os,
    Arch: cli.console.platform.arch,
    BuildTime: buildTime,
    Context: cli.currentContext,
  };
}

const layout = { minimum: 20, padding: 1 };

/** docker version. */
export const version = command({
  usage: "version [OPTIONS]",
  short: "Show versions of docker",
  commonRank: 11,
  flags: { format: inspectFormat },
  arguments: none,
  async run(cli, _, { format }) {
    const template = format === "" ? undefined : templateOf(format);
    const client = await cli.client();
    const information: {
      Client: ReturnType<typeof clientVersion> & { ApiVersion: string };
      Server?: ServerVersion;
    } = {
      Client: { ...clientVersion(cli), ApiVersion: client.version },
    };
    const failure = await client.json<ServerVersion>("GET", "/version").then(
      (server) => {
        information.Server = withEngine(server);
        return undefined;
      },
      (error: Error) => error,
    );
    if (template) await writeTemplate(cli, template, new GoValue(versionInfo, information), failure);
    else await cli.out.write(alignTabs(`${versionText(information)}\n`, layout));
    if (failure) throw failure;
  },
});

function templateOf(format: string): Template {
  try {
    return namingTemplateErrors(() => new Template(format === "json" ? "{{json .}}" : format, "version"));
  } catch (error) {
    throw new StatusError(64, (error as Error).message);
  }
}

async function writeTemplate(
  cli: Cli,
  template: Template,
  data: GoValue,
  failure: Error | undefined,
): Promise<void> {
  try {
    await cli.out.write(alignTabs(`${template.execute(data)}\n`, layout));
  } catch (error) {
    if (!(error instanceof TemplateError)) throw error;
    await cli.out.write(alignTabs(`${error.output}\n`, layout));
    // That the engine did not answer is told before that the template failed.
    throw failure ?? error;
  }
}

/** Engines of long ago name no components; then the engine is the only one. */
function withEngine(server: ServerVersion): ServerVersion {
  const components = server.Components ?? [];
  const engine = components.find(({ Name }) => Name === "Engine");
  if (engine?.Details?.["BuildTime"]) engine.Details["BuildTime"] = ansiDate(engine.Details["BuildTime"]);
  if (engine) return server;
  const details = {
    ApiVersion: server.ApiVersion,
    MinAPIVersion: server.MinAPIVersion ?? "",
    GitCommit: server.GitCommit,
    GoVersion: server.GoVersion,
    Os: server.Os,
    Arch: server.Arch,
    BuildTime: ansiDate(server.BuildTime ?? ""),
    Experimental: String(server.Experimental ?? false),
  };
  return {
    ...server,
    Components: [...components, { Name: "Engine", Version: server.Version, Details: details }],
  };
}

function ansiDate(time: string): string {
  const instant = parseRfc3339(time);
  return instant === undefined ? time : formatLayout(instant, "Mon Jan _2 15:04:05 2006");
}

function versionText({
  Client,
  Server,
}: {
  Client: ReturnType<typeof clientVersion> & { ApiVersion: string };
  Server?: ServerVersion;
}): string {
  const downgraded =
    Client.ApiVersion === Client.DefaultAPIVersion ? "" : ` (downgraded from ${Client.DefaultAPIVersion})`;
  const lines = [
    "Client:",
    ` Version:\t${Client.Version}`,
    ` API version:\t${Client.ApiVersion}${downgraded}`,
    ` Go version:\t${Client.GoVersion}`,
    ` Git commit:\t${Client.GitCommit}`,
    ` Built:\t${Client.BuildTime}`,
    ` OS/Arch:\t${Client.Os}/${Client.Arch}`,
    ` Context:\t${Client.Context}`,
  ];
  if (Server) {
    const platform = Server.Platform?.Name;
    lines.push("", `Server:${platform ? ` ${platform}` : ""}`);
    for (const component of Server.Components ?? [])
      lines.push(` ${component.Name}:`, ...componentLines(component, Server));
  }
  return lines.join("\n");
}

function componentLines({ Name, Version, Details }: Component, server: ServerVersion): string[] {
  const details = Details ?? {};
  if (Name !== "Engine") {
    return [
      `  Version:\t${Version}`,
      ...Object.keys(details)
        .sort()
        .map((key) => `  ${key}:\t${details[key]}`),
    ];
  }
  const detail = (key: string) => details[key] ?? "";
  return [
    `  Version:\t${server.Version}`,
    `  API version:\t${detail("ApiVersion")} (minimum version ${detail("MinAPIVersion")})`,
    `  Go version:\t${detail("GoVersion")}`,
    `  Git commit:\t${detail("GitCommit")}`,
    `  Built:\t${detail("BuildTime")}`,
    `  OS/Arch:\t${detail("Os")}/${detail("Arch")}`,
    `  Experimental:\t${detail("Experimental")}`,
  ];
}
