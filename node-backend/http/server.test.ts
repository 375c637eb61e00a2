import { mkdtempSync } from "node:fs";
import http from "node:http";
import net from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, expect, test } from "vitest";
import type { Transport } from "../../core/api/exchange.ts";
import { bytePipe, duplexPair, readAll, sourceOf, text, utf8 } from "../../core/platform/bytes.ts";
import { createApiServer, parseHost, type ApiServer } from "./server.ts";

let server: ApiServer;
afterEach(() => server?.close());

async function serve(handler: Transport): Promise<string> {
  const path = join(mkdtempSync(join(tmpdir(), "drydock-http-")), "api.sock");
  server = createApiServer(handler);
  await server.listen(`unix://${path}`);
  return path;
}

/** Sends bytes as they are and returns everything that comes back until the server closes. */
function talk(socketPath: string, sent: string, then?: { after: string; send: string }): Promise<string> {
  return new Promise((resolve) => {
    let heard = "";
    const socket = net.connect({ path: socketPath });
    socket.write(sent);
    socket.on("data", (chunk) => {
      heard += chunk.toString("latin1");
      if (then && heard.includes(then.after)) {
        socket.end(then.send);
        then = undefined;
      }
    });
    socket.on("close", () => resolve(heard));
  });
}

const shouting: Transport = async ({ target, headers, body }) => {
  const [client, side] = duplexPair();
  const first = body ? text(await readAll(body)) : "";
  void readAll(side.source).then(async (all) => {
    await side.sink.write(utf8(first + text(all).toUpperCase()));
    side.sink.close();
  });
  const upgraded = headers["upgrade"] !== undefined;
  const kind: Record<string, string> = { "content-type": "application/vnd.docker.raw-stream", for: target };
  return {
    status: upgraded ? 101 : 200,
    headers: upgraded ? { ...kind, connection: "Upgrade", upgrade: "tcp" } : kind,
    body: sourceOf(),
    connection: client,
  };
};

test("a plain request and its answer", async () => {
  const path = await serve(async ({ method, target, headers, body }) => ({
    status: 201,
    headers: { "content-type": "text/plain" },
    body: sourceOf(utf8(`${method} ${target} ${headers["x"]} ${text(await readAll(body!))}`)),
  }));
  const answer = await new Promise((resolve) => {
    const request = http.request(
      { socketPath: path, path: "/v1.51/x?a=1", method: "POST", headers: { X: "y" } },
      (response) => {
        let all = "";
        response.on("data", (chunk) => (all += chunk)).on("end", () => resolve([response.statusCode, all]));
      },
    );
    request.end("body");
  });
  expect(answer).toEqual([201, "POST /v1.51/x?a=1 y body"]);
});

test("a hijacked connection, its request's body first", async () => {
  const path = await serve(shouting);
  const head =
    "POST /exec/1/start HTTP/1.1\r\nHost: d\r\nConnection: Upgrade\r\nUpgrade: tcp\r\nContent-Length: 2\r\n\r\n{}";
  expect(await talk(path, head, { after: "\r\n\r\n", send: "typed" })).toBe(
    "HTTP/1.1 101 UPGRADED\r\ncontent-type: application/vnd.docker.raw-stream\r\nfor: /exec/1/start\r\nconnection: Upgrade\r\nupgrade: tcp\r\n\r\n{}TYPED",
  );
});

test("an old client hijacks without asking", async () => {
  const path = await serve(shouting);
  const head =
    "POST /v1.24/containers/c/attach?stream=1 HTTP/1.1\r\nHost: d\r\nConnection: keep-alive\r\n\r\n";
  expect(await talk(path, head, { after: "\r\n\r\n", send: "typed" })).toBe(
    "HTTP/1.1 200 OK\r\ncontent-type: application/vnd.docker.raw-stream\r\nfor: /v1.24/containers/c/attach?stream=1\r\n\r\nTYPED",
  );
});

test("a client that goes away cancels its request", async () => {
  let cancelled = false;
  const path = await serve(async ({ cancellation }) => {
    cancellation.onCancel(() => (cancelled = true));
    const pipe = bytePipe();
    void pipe.sink.write(utf8("first"));
    return { status: 200, headers: {}, body: pipe.source };
  });
  await new Promise<void>((resolve) => {
    const request = http.get({ socketPath: path, path: "/events" }, (response) =>
      response.once("data", () => (request.destroy(), resolve())),
    );
    request.on("error", () => {});
  });
  await expect.poll(() => cancelled).toBe(true);
});

test("web pages get nothing", async () => {
  const path = await serve(() => Promise.reject(new Error("never reached")));
  expect(
    await talk(
      path,
      "GET /info HTTP/1.1\r\nHost: d\r\nOrigin: http://evil.example\r\nConnection: close\r\n\r\n",
    ),
  ).toMatch(/^HTTP\/1.1 403 Forbidden\r\n[^]*this API is not for web pages/);
});

test("where to listen", () => {
  expect(parseHost("unix:///run/d.sock")).toEqual({ protocol: "unix", path: "/run/d.sock" });
  expect(parseHost("tcp://127.0.0.1:2375")).toEqual({ protocol: "tcp", address: "127.0.0.1", port: 2375 });
  expect(() => parseHost("nonsense")).toThrow(
    'invalid host "nonsense": want unix:///PATH or tcp://ADDRESS:PORT',
  );
});
