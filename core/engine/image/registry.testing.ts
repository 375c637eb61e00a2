import { InodeFiles } from "../../distribution/server/files.ts";
import { RegistryServer } from "../../distribution/server/registry.ts";
import type { HttpClient, HttpRequest } from "../../distribution/http.ts";
import { parseUrl } from "../../distribution/url.ts";
import { MemoryFileSystem } from "../../files/memory.ts";
import { portableCodecs } from "../../platform/portable-codecs.ts";
import { SeededRandom } from "../../platform/seeded-random.ts";
import { catalogue } from "../../simulation/registry/catalogue/catalogue.ts";
import { Hub } from "../../simulation/registry/hub.ts";
import { testEngine } from "../engine.testing.ts";
import type { TestEngine } from "../engine.testing.ts";

export interface TestNet extends TestEngine {
  /** What was asked of registries: "GET http://localhost:5000/v2/". */
  requests: string[];
  /** Sends a request whose body is bytes; the answer's lines of JSON. */
  stream(
    method: string,
    target: string,
    body?: Uint8Array,
    headers?: Record<string, string>,
  ): Promise<{ status: number; lines: any[]; bytes: Uint8Array }>;
  /** As a terminal shows progress messages: "id: status" or the status, without bars. */
  say(method: string, target: string, body?: Uint8Array): Promise<string[]>;
}

/** An engine that reaches a simulated Docker Hub, and a registry without TLS at localhost:5000 (and :5001, with a password). */
export async function testNet(): Promise<TestNet> {
  const made = await testEngine();
  const { engine } = made;
  const hub = new Hub(catalogue);
  const requests: string[] = [];
  const disk = new MemoryFileSystem({ now: () => engine.clock.now() });
  const common = {
    files: new InodeFiles(disk.root),
    codecs: portableCodecs,
    random: new SeededRandom(3),
    now: () => engine.clock.now(),
    deletes: true,
  };
  const open = new RegistryServer(common);
  const basic = {
    realm: "Registry Realm",
    check: (name: string, password: string) => name === "me" && password === "secret",
  };
  const closed = new RegistryServer({ ...common, basic });
  const http: HttpClient = async (request: HttpRequest) => {
    const { scheme, host, target } = parseUrl(request.url);
    requests.push(`${request.method} ${request.url}`);
    if (host.endsWith("docker.io")) return hub.answer(request);
    const server = { "localhost:5000": open, "127.0.0.1:5000": open, "localhost:5001": closed }[host];
    if (!server)
      throw new Error(`dial tcp 127.0.0.1:${host.split(":")[1] ?? 443}: connect: connection refused`);
    if (scheme === "https") throw new Error("http: server gave HTTP response to HTTPS client");
    return server.handle({
      method: request.method,
      target,
      headers: { ...request.headers, host },
      body: request.body,
    });
  };
  engine.http = http;

  const stream: TestNet["stream"] = async (method, target, body, headers = {}) => {
    const { Cancellation } = await import("../../platform/cancellation.ts");
    const { readAll, sourceOf, text } = await import("../../platform/bytes.ts");
    const response = await made.api({
      method,
      target,
      headers: body ? { "content-type": "application/x-tar", ...headers } : headers,
      body: body ? sourceOf(body) : null,
      cancellation: new Cancellation(),
    });
    const bytes = await readAll(response.body);
    const isJson = response.headers["content-type"]?.startsWith("application/json");
    const lines = isJson
      ? text(bytes)
          .trim()
          .split("\n")
          .filter(Boolean)
          .map((line) => JSON.parse(line) as unknown)
      : [];
    return { status: response.status, lines, bytes };
  };
  const say: TestNet["say"] = async (method, target, body) => {
    const { lines } = await stream(method, target, body);
    return lines
      .filter((line) => !line.progress && !line.aux)
      .map((line) => {
        if (line.stream) return line.stream;
        if (line.error) return `error: ${line.error}`;
        if (line.message) return `refused: ${line.message}`;
        return line.id ? `${line.id}: ${line.status}` : line.status;
      });
  };
  return { ...made, requests, stream, say };
}
