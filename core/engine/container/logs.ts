import { invalidParameter, notImplemented } from "../../errors/errors.ts";
import type { LogRecord, LogSelection } from "../../logs/record.ts";
import { formatTimeFixed } from "../../platform/time.ts";
import { concat, utf8 } from "../../platform/bytes.ts";
import type { Engine, Operation } from "../engine.ts";

/** How docker logs shows a container's output. */
export interface LogsRequest extends LogSelection {
  timestamps: boolean;
  /** The labels and variables that --log-opt named, before each line. */
  details: boolean;
}

/** A container's output: lines as they are to be shown, and whether it has a terminal. Throws when its driver keeps nothing. */
export function containerLogs(
  engine: Engine,
  operation: Operation,
  containerRef: string,
  request: LogsRequest,
): { tty: boolean; lines: AsyncGenerator<{ stream: LogRecord["stream"]; line: Uint8Array }> } {
  const container = engine.containers.resolve(containerRef);
  if (!request.stdout && !request.stderr) throw invalidParameter("You must choose at least one stream");
  if (container.record.state.dead || container.record.state.removing)
    throw invalidParameter("can not get logs from container which is dead or marked for removal");
  if (container.logDriver === "none")
    throw notImplemented("configured logging driver does not support reading");
  const details = request.details ? detailsOf(engine, container.id) : "";
  const follow = request.follow && container.record.state.running;
  const records = container.log.read({ ...request, follow }, operation.cancellation);
  return { tty: container.record.config.Tty ?? false, lines: shown(records, request, details) };
}

async function* shown(
  records: AsyncGenerator<LogRecord>,
  { timestamps, details }: LogsRequest,
  attributes: string,
): AsyncGenerator<{ stream: LogRecord["stream"]; line: Uint8Array }> {
  for await (const { stream, at, line } of records) {
    const prefix = `${timestamps ? `${formatTimeFixed(at)} ` : ""}${details ? `${attributes} ` : ""}`;
    yield { stream, line: prefix === "" ? line : concat([utf8(prefix), line]) };
  }
}

/** "a=b,tier=web": what the options labels and env of the log driver take along. */
function detailsOf(engine: Engine, id: string): string {
  const { config, hostConfig } = engine.containers.get(id)!.record;
  const options = hostConfig.LogConfig?.Config ?? {};
  const extra: Record<string, string> = {};
  for (const label of (options.labels ?? "").split(",")) {
    const value = config.Labels?.[label];
    if (label !== "" && value !== undefined) extra[label] = value;
  }
  for (const variable of (options.env ?? "").split(",")) {
    const found = config.Env?.find((one) => one.startsWith(`${variable}=`));
    if (variable !== "" && found) extra[variable] = found.slice(variable.length + 1);
  }
  return Object.entries(extra)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, value]) => `${encodeURIComponent(name)}=${encodeURIComponent(value)}`)
    .join(",");
}
