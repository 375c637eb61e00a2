import { expect, test } from "vitest";
import type { ApiRequest, ApiResponse } from "../api/exchange.ts";
import { sourceOf, text, utf8 } from "../platform/bytes.ts";
import { encodePath, encodeQuery } from "./address.ts";
import { Client, encodeJson } from "./client.ts";
import { ConnectionError } from "./errors.ts";

function clientOf(answer: (request: ApiRequest) => Partial<ApiResponse>, version?: string) {
  const lines: string[] = [];
  const client = new Client({
    host: "unix:///run/docker.sock",
    userAgent: "test",
    ...(version ? { version } : {}),
    transport: (request) => {
      lines.push(`${request.method} ${request.target}`);
      return Promise.resolve({ status: 200, headers: {}, body: sourceOf(), ...answer(request) });
    },
  });
  return { client, lines };
}

const failure = (work: Promise<unknown>) =>
  work.then(
    () => "no error",
    (error: Error) => `${error.name}: ${error.message}`,
  );

test("speaks the engine's version when that is older, or what it is told to", async () => {
  const old = clientOf(() => ({ headers: { "api-version": "1.41" } }));
  await old.client.call("GET", "/info");
  const told = clientOf(() => ({}), "1.30");
  await told.client.call("GET", "/info");
  const ancient = clientOf(({ method }) => (method === "HEAD" ? { status: 404 } : {}));
  await ancient.client.call("GET", "/info");
  expect([old.lines, told.lines, ancient.lines]).toEqual([
    ["HEAD /_ping", "GET /v1.41/info"],
    ["GET /v1.30/info"],
    ["HEAD /_ping", "GET /_ping", "GET /v1.24/info"],
  ]);
});

test("reports errors in docker's words", async () => {
  const answering = (answer: Partial<ApiResponse>) =>
    failure(
      clientOf(({ target }) =>
        target === "/_ping" ? { headers: { "api-version": "1.51" } } : answer,
      ).client.call("GET", "/x"),
    );
  const json = { "content-type": "application/json" };
  expect(
    await answering({ status: 404, headers: json, body: sourceOf(utf8('{"message":"No such x\\n"}')) }),
  ).toBe("ApiError: Error response from daemon: No such x");
  expect(await answering({ status: 500, headers: json, body: sourceOf(utf8("{}")) })).toBe(
    "ApiError: Error response from daemon: API returned a 500 (Internal Server Error) but provided no error-message",
  );
  expect(await answering({ status: 502, body: sourceOf(utf8("<html>\n")) })).toBe(
    "ApiError: Error response from daemon: <html>",
  );
  expect(await answering({ status: 403 })).toBe(
    "ApiError: request returned 403 Forbidden for API route and version http://%2Frun%2Fdocker.sock/v1.50/x, check if the server supports the requested API version",
  );
});

test("tells why an engine cannot be reached", async () => {
  const broken = (code: string, message: string) =>
    failure(
      new Client({
        host: "unix:///run/docker.sock",
        userAgent: "test",
        transport: () => Promise.reject(new ConnectionError(code, message)),
      }).call("GET", "/x"),
    );
  expect(await broken("ENOENT", "dial unix /run/docker.sock: connect: no such file or directory")).toBe(
    "ConnectionFailed: Cannot connect to the Docker daemon at unix:///run/docker.sock. Is the docker daemon running?",
  );
  expect(await broken("EACCES", "dial unix /run/docker.sock: connect: permission denied")).toBe(
    'ConnectionFailed: permission denied while trying to connect to the Docker daemon socket at unix:///run/docker.sock: Get "http://%2Frun%2Fdocker.sock/v1.50/x": dial unix /run/docker.sock: connect: permission denied',
  );
  expect(await broken("ECONNRESET", "EOF")).toBe(
    'ConnectionFailed: error during connect: Get "http://%2Frun%2Fdocker.sock/v1.50/x": EOF',
  );
});

test("writes paths, queries and JSON as Go does", () => {
  expect(encodePath("/v1.50/containers//a b/../c?d/json")).toBe("/v1.50/containers/c%3Fd/json");
  expect(encodeQuery({ b: "x y", a: ["1", "2"], c: undefined, d: true, e: "{'*}" })).toBe(
    "a=1&a=2&b=x+y&d=true&e=%7B%27%2A%7D",
  );
  expect(text(encodeJson({ a: "<b> & c" }))).toBe('{"a":"\\u003cb\\u003e \\u0026 c"}\n');
});
