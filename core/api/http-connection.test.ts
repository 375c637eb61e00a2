import { expect, test } from "vitest";
import { exchangeOver } from "../distribution/http-exchange.ts";
import { duplexPair, readAll, sourceOf, text, utf8 } from "../platform/bytes.ts";
import type { Transport } from "./exchange.ts";
import { serveHttpConnection } from "./http-connection.ts";

const echo: Transport = async ({ method, target, headers, body }) => ({
  status: 200,
  headers: { "x-host": headers["host"] ?? "" },
  body: sourceOf(utf8(`${method} ${target} `), body ? await readAll(body) : utf8("(none)")),
});

/** Sends bytes as they are; what comes back. */
async function talk(sent: string, handler = echo): Promise<string> {
  const [client, server] = duplexPair();
  void serveHttpConnection(server, handler);
  await client.sink.write(utf8(sent));
  client.sink.close();
  return text(await readAll(client.source));
}

test("several requests on one connection, by length and by chunks", async () => {
  expect(
    await talk(
      "POST /a HTTP/1.1\r\nHost: d\r\nContent-Length: 2\r\n\r\nhiPOST /b HTTP/1.1\r\nHost: d\r\nTransfer-Encoding: chunked\r\nConnection: close\r\n\r\n3\r\nyou\r\n0\r\n\r\n",
    ),
  ).toBe(
    "HTTP/1.1 200 OK\r\nx-host: d\r\ntransfer-encoding: chunked\r\n\r\n8\r\nPOST /a \r\n2\r\nhi\r\n0\r\n\r\n" +
      "HTTP/1.1 200 OK\r\nx-host: d\r\nconnection: close\r\n\r\nPOST /b you",
  );
});

test("what is no HTTP", async () => {
  for (const junk of [
    "junk\r\n\r\n",
    "GET / HTTP/1.1\r\nbad header\r\n\r\n",
    "POST / HTTP/1.1\r\nContent-Length: x\r\n\r\n",
  ]) {
    expect(await talk(junk)).toMatch(/^HTTP\/1\.1 400 Bad Request\r\n/);
  }
});

test("a hijacked connection", async () => {
  const shouting: Transport = async () => {
    const [client, side] = duplexPair();
    void readAll(side.source).then(async (all) => {
      await side.sink.write(utf8(text(all).toUpperCase()));
      side.sink.close();
    });
    return { status: 101, headers: { upgrade: "tcp" }, body: sourceOf(), connection: client };
  };
  expect(await talk("POST /attach HTTP/1.1\r\nHost: d\r\nUpgrade: tcp\r\n\r\ntyped", shouting)).toBe(
    "HTTP/1.1 101 UPGRADED\r\nupgrade: tcp\r\n\r\nTYPED",
  );
});

test("the client's side of it", async () => {
  const [client, server] = duplexPair();
  void serveHttpConnection(server, echo);
  const reply = await exchangeOver(client, {
    method: "PUT",
    url: "http://registry:5000/v2/?a=b",
    headers: {},
    body: sourceOf(utf8("blob")),
  });
  expect([reply.status, reply.headers["x-host"], text(await readAll(reply.body))]).toEqual([
    200,
    "registry:5000",
    "PUT /v2/?a=b blob",
  ]);
});
