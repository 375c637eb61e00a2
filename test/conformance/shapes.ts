// Compares what an engine's API answers in shape (which fields, of which types) with what Docker Engine 28.5.2
// answered to the same requests after the same commands.
//
//   npx tsx test/conformance/shapes.ts [--record] [--host unix:///PATH]     (host: DOCKER_HOST otherwise)
//
// Prints each path that is missing (-), unknown to Docker (+) or of another type (!), and last the share of Docker's
// paths that are there with the same type. Needs busybox in the engine (setup.sh) and a docker CLI on PATH. Values
// are not compared; null is right only where Docker has null.
import { spawnSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import http from "node:http";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { here } from "./play.ts";

/** Where Docker's shapes are recorded, a line "REQUEST STATUS" or "REQUEST PATH TYPE" each. */
const golden = join(here, "shapes.txt");

/** What `compareShapes` found. */
export interface ShapeResult {
  /** How many paths are as Docker has them, of how many (those unknown to Docker among them). */
  same: number;
  all: number;
  /** A line for each path that is not. */
  differences: string[];
}

/** Asks an engine ("unix:///PATH") and answers the lines of its shapes. */
export async function shapesOf(host: string): Promise<string[]> {
  const docker = (line: string) =>
    spawnSync("sh", ["-c", line], { encoding: "utf8", env: { ...process.env, DOCKER_HOST: host } });
  const clear = () =>
    docker(
      "docker rm -fv shapes shapes-done; docker network rm shapes-net; docker volume rm shapes-vol; docker rmi shapes:1",
    );
  clear();
  docker("sleep 2"); // what was cleared stays out of the events
  const since = Math.floor(Date.now() / 1000);
  docker("docker network create shapes-net; docker volume create --label tier=web shapes-vol");
  docker(
    "docker run -d --name shapes --network shapes-net -p 127.0.0.1:18999:80 -p 18998:81/udp -v shapes-vol:/v -v /tmp:/host:ro " +
      "--tmpfs /t -e A=1 -l tier=web -m 64m --restart always --health-cmd true --health-interval 1s busybox sleep 600; sleep 2",
  );
  docker(
    "docker run --name shapes-done busybox sh -c 'echo x > /f; exit 3'; docker commit -m m -a a shapes-done shapes:1; docker exec -d shapes sleep 100",
  );
  const inspected = (await get(host, "/containers/shapes/json")).body as { ExecIDs?: string[] };
  const lines: string[] = [];
  for (const request of requests(since, inspected.ExecIDs?.[0])) {
    const { status, body } = await get(host, request);
    const out = new Map<string, string>();
    collect(body, "", out);
    const name = request
      .replace(/since=.*/, "since")
      .replace(/[0-9a-f]{64}/, "ID")
      .replace("undefined", "ID");
    lines.push(`${name} ${status}`);
    for (const [path, type] of [...out].sort(([a], [b]) => (a < b ? -1 : 1)))
      if (path) lines.push(`${name} ${path} ${type}`);
  }
  clear();
  return lines;
}

/** Compares the lines of `shapesOf` with the recorded ones. */
export function compareShapes(lines: string[], recorded = readFileSync(golden, "utf8")): ShapeResult {
  const split = (line: string): [string, string] => [
    line.slice(0, line.lastIndexOf(" ")),
    line.slice(line.lastIndexOf(" ") + 1),
  ];
  const want = new Map(recorded.trim().split("\n").map(split));
  const got = new Map(lines.map(split));
  const differences: string[] = [];
  let same = 0;
  for (const [path, type] of want) {
    const other = got.get(path);
    if (other === type || (other !== undefined && type === "null")) same++;
    else differences.push(other === undefined ? `- ${path} ${type}` : `! ${path} ${type}, got ${other}`);
  }
  const unknown = [...got].filter(([path]) => !want.has(path));
  for (const [path, type] of unknown) differences.push(`+ ${path} ${type}`);
  return { same, all: want.size + unknown.length, differences };
}

const requests = (since: number, exec: string | undefined) => [
  "/version",
  "/info",
  "/_ping",
  "/containers/json?all=1&size=1",
  "/containers/shapes/json?size=1",
  "/containers/shapes-done/json",
  "/containers/shapes/top",
  "/containers/shapes/stats?stream=0",
  "/containers/shapes-done/changes",
  `/exec/${exec}/json`,
  "/images/json?all=1&shared-size=1",
  "/images/shapes:1/json",
  "/images/shapes:1/history",
  "/networks",
  "/networks/shapes-net",
  "/networks/bridge",
  "/volumes",
  "/volumes/shapes-vol",
  "/system/df",
  `/events?since=${since}&until=${Math.floor(Date.now() / 1000) + 1}`,
  "/containers/nosuch/json",
  "/images/nosuch/json",
  "/nosuch",
  "/containers/json?filters=bad",
  "/swarm",
  "/plugins",
];

function get(host: string, path: string): Promise<{ status: number; body: unknown }> {
  const options = {
    socketPath: host.replace(/^unix:\/\//, ""),
    path: "/v1.50" + path,
    headers: { Host: "docker" },
  };
  return new Promise((resolve, reject) => {
    http
      .get(options, (response) => {
        let text = "";
        response.on("data", (chunk: Buffer) => (text += chunk.toString()));
        response.on("end", () => resolve({ status: response.statusCode!, body: readAnswer(text) }));
      })
      .on("error", reject);
  });
}

/** One JSON value, or a list of those of a stream, a line each; null for what is neither. */
function readAnswer(text: string): unknown {
  const parse = (json: string) => JSON.parse(json) as unknown;
  try {
    return parse(text);
  } catch {
    try {
      return text.trim().split("\n").filter(Boolean).map(parse);
    } catch {
      return null;
    }
  }
}

/** Keys that are data, not field names, are written <key>. */
const dataKeys =
  /^(bridge|host|none|shapes-net|[0-9a-f]{64}|\d+\/(tcp|udp)|\/\S*|tier|runc|io\.containerd.*|127\.0\.0\.0\/8|::1\/128|docker\.io|.*\.opts?|com\.docker\..*)$/;

function collect(value: unknown, at: string, out: Map<string, string>): void {
  if (Array.isArray(value)) {
    out.set(at, "array");
    for (const item of value) collect(item, at + "[]", out);
  } else if (value !== null && typeof value === "object") {
    out.set(at, "object");
    for (const [key, item] of Object.entries(value))
      collect(item, `${at}.${dataKeys.test(key) ? "<key>" : key}`, out);
  } else if (!out.has(at) || out.get(at) === "null") out.set(at, value === null ? "null" : typeof value);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const args = process.argv.slice(2);
  const host = args.includes("--host") ? args[args.indexOf("--host") + 1] : process.env.DOCKER_HOST;
  if (!host) throw new Error("no engine: --host unix:///PATH or DOCKER_HOST");
  const lines = await shapesOf(host);
  if (args.includes("--record")) {
    writeFileSync(golden, lines.join("\n") + "\n");
    console.log(`${lines.length} paths recorded`);
  } else {
    const { same, all, differences } = compareShapes(lines);
    for (const difference of differences) console.log(difference);
    console.log(`paths as Docker has them: ${same} of ${all}`);
    process.exitCode = same === all ? 0 : 1;
  }
}
