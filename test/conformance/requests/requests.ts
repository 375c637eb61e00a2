import { createHash } from "node:crypto";
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, dirname, join } from "node:path";
import { parseCase } from "../case.ts";
import { normaliser } from "../normalise.ts";
import { here, playCase, type Player } from "../play.ts";
import { startProxy, type SeenRequest } from "./proxy.ts";

/** What one command sent: each request as one line "METHOD url {headers} {body}", sorted, since commands of a
 * pipe send at the same time. "unsteady" where two recordings differ. */
export interface CommandRequests {
  command: string;
  requests: string[] | "unsteady";
}

/** Plays a case with a proxy in front of the engine, and answers what each command sent. */
export async function requestsOfCase(
  casePath: string,
  engine: string,
  player: Player,
): Promise<CommandRequests[]> {
  const test = parseCase(readFileSync(casePath, "utf8"));
  const home = mkdtempSync(join(tmpdir(), "requests-"));
  const seen = test.steps.map((): SeenRequest[] => []);
  let step = -1;
  const proxy = await startProxy(join(home, "docker.sock"), engine, (request) => seen[step]?.push(request));
  try {
    const env = { ...player.env, DOCKER_HOST: `unix://${join(home, "docker.sock")}` };
    await playCase(test, { ...player, env }, (at) => (step = at));
  } finally {
    proxy.stop();
    rmSync(home, { recursive: true, force: true });
  }
  const tidy = normaliser();
  return test.steps.map(({ command }, at) => ({
    command: command.split("\n")[0]!,
    requests: tidy(seen[at]!.map(line)).map(unsettle).sort(),
  }));
}

/** A request as one line. */
export function line({ method, url, headers, body }: SeenRequest): string {
  const parts = [method, settleUrl(url)];
  const kept = Object.entries(headers).map(([name, value]) => [
    name,
    name.startsWith("x-registry") ? Buffer.from(value, "base64url").toString() : value,
  ]);
  if (kept.length > 0) parts.push(JSON.stringify(Object.fromEntries(kept)));
  if (body !== undefined) parts.push(JSON.stringify(sorted(body)));
  return parts.join(" ");
}

/** Queries in one order: what the engine reads is a map. */
function settleUrl(url: string): string {
  const [path, query] = url.split("?");
  return query ? `${path}?${query.split("&").sort().join("&")}` : path!;
}

/** What differs from run to run in requests but not in printed lines. */
function unsettle(text: string): string {
  return text
    .replace(/(since|until)=[\d.]+/g, "$1=<time>")
    .replace(/"[^"]*\/conformance-\w+/g, '"<cwd>')
    .replace(/%2F(\w+%2F)*conformance-\w+/g, "<cwd>");
}

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (value === null || typeof value !== "object") return value;
  return Object.fromEntries(
    Object.entries(value)
      .sort(([one], [other]) => (one < other ? -1 : 1))
      .map(([key, item]) => [key, sorted(item)]),
  );
}

/** Where the recorded requests of a case are. */
export const recordedPath = (casePath: string) =>
  join(
    here,
    "recorded",
    "requests",
    basename(dirname(casePath)),
    basename(casePath).replace(/\.case$/, ".json"),
  );

/** A recording as it is stored: each long line once, under a short name, since `create` sends much that is the same. */
export interface StoredRequests {
  lines: Record<string, string>;
  commands: { command: string; requests: string[] | "unsteady" }[];
}

/** Brings a recording into the form in which it is stored. */
export function store(commands: CommandRequests[]): StoredRequests {
  const lines: Record<string, string> = {};
  const name = (line: string) => {
    const key = createHash("sha256").update(line).digest("hex").slice(0, 8);
    lines[key] = line;
    return key;
  };
  return {
    commands: commands.map(({ command, requests }) => ({
      command,
      requests: requests === "unsteady" ? requests : requests.map(name),
    })),
    lines,
  };
}

/** Reads the recorded requests of a case; nothing where there are none. */
export function readRecorded(casePath: string): CommandRequests[] | undefined {
  const path = recordedPath(casePath);
  if (!existsSync(path)) return undefined;
  const stored = JSON.parse(readFileSync(path, "utf8")) as StoredRequests;
  return stored.commands.map(({ command, requests }) => ({
    command,
    requests: requests === "unsteady" ? requests : requests.map((key) => stored.lines[key]!),
  }));
}

/** A command whose requests are not those of Docker's CLI. */
export interface RequestDifference {
  case: string;
  command: string;
  /** Requests that only Docker's CLI sends, and that only this one sends. */
  missing: string[];
  surplus: string[];
}

/** Compares the requests of a case, command by command; the unsteady ones are left out. */
export function compareRequests(
  name: string,
  wanted: CommandRequests[],
  got: CommandRequests[],
): { compared: number; differences: RequestDifference[] } {
  const differences: RequestDifference[] = [];
  let compared = 0;
  wanted.forEach(({ command, requests }, at) => {
    const others = got[at]?.requests;
    if (requests === "unsteady" || others === "unsteady") return;
    compared++;
    const missing = without(requests, others ?? []);
    const surplus = without(others ?? [], requests);
    if (missing.length + surplus.length > 0) differences.push({ case: name, command, missing, surplus });
  });
  return { compared, differences };
}

/** The items of one list that another has not, each as often as it is too many. */
function without(list: string[], other: string[]): string[] {
  const left = [...other];
  return list.filter((item) => {
    const at = left.indexOf(item);
    if (at >= 0) left.splice(at, 1);
    return at < 0;
  });
}
