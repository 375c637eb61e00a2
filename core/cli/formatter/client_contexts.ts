import { rowType } from "./format.ts";
import { ellipsis } from "./width.ts";

/** One line of `docker context ls`. */
export interface ClientContextRow {
  name: string;
  description: string;
  dockerEndpoint: string;
  current: boolean;
  error: string;
}

export function clientContextFormat(source: string, quiet: boolean): string {
  if (quiet) return "{{.Name}}";
  if (source === "table")
    return "table {{.Name}}{{if .Current}} *{{end}}\t{{.Description}}\t{{.DockerEndpoint}}\t{{.Error}}";
  return source;
}

export const clientContextRows = rowType<ClientContextRow>(
  "formatter.clientContextContext",
  { Name: "NAME", Description: "DESCRIPTION", DockerEndpoint: "DOCKER ENDPOINT", Error: "ERROR" },
  {
    Current: ({ current }) => current,
    Name: ({ name }) => name,
    Description: ({ description }) => description,
    DockerEndpoint: ({ dockerEndpoint }) => dockerEndpoint,
    Error: ({ error }) => ellipsis(error, 45),
  },
);
