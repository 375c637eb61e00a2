import { expect, test } from "vitest";
import { bytePipe, duplexPair, readAll, sourceOf, text, utf8 } from "../platform/bytes.ts";
import { Cancellation } from "../platform/cancellation.ts";
import type { Transport } from "./exchange.ts";
import { linkTransport, serveLink, type LinkMessage, type MessageLink } from "./link.ts";

/** Two ends; messages arrive a microtask later, in order. */
function links(): [MessageLink, MessageLink] {
  const listeners: ((message: LinkMessage) => void)[][] = [[], []];
  const end = (mine: number): MessageLink => ({
    post: (message) =>
      void Promise.resolve().then(() => listeners[1 - mine]!.forEach((listener) => listener(message))),
    listen: (listener) => void listeners[mine]!.push(listener),
  });
  return [end(0), end(1)];
}

function connect(handler: Transport): Transport {
  const [here, there] = links();
  serveLink(there, handler);
  return linkTransport(here);
}

const request = { method: "POST", target: "/build", headers: { a: "b" }, body: null };

test("a request with a body, and an answer with one", async () => {
  const transport = connect(async ({ method, target, headers, body }) => ({
    status: 201,
    headers: { echo: `${method} ${target} ${headers["a"]}` },
    body: sourceOf(await readAll(body!)),
  }));
  const reply = await transport({
    ...request,
    body: sourceOf(utf8("one "), utf8("two")),
    cancellation: new Cancellation(),
  });
  expect([reply.status, reply.headers, text(await readAll(reply.body))]).toEqual([
    201,
    { echo: "POST /build b" },
    "one two",
  ]);
});

test("a hijacked connection carries bytes both ways, half-closed", async () => {
  const transport = connect(async () => {
    const [client, server] = duplexPair();
    void readAll(server.source).then(async (all) => {
      await server.sink.write(utf8(text(all).toUpperCase()));
      server.sink.close();
    });
    return { status: 101, headers: {}, body: sourceOf(), connection: client };
  });
  const { connection } = await transport({ ...request, cancellation: new Cancellation() });
  await connection!.sink.write(utf8("typed"));
  connection!.sink.close();
  expect(text(await readAll(connection!.source))).toBe("TYPED");
});

test("a writer waits for its reader", async () => {
  let written = 0;
  const transport = connect(async () => {
    const pipe = bytePipe(0);
    void (async () => {
      for (;;) {
        await pipe.sink.write(new Uint8Array(64 * 1024));
        written++;
      }
    })().catch(() => {});
    return { status: 200, headers: {}, body: pipe.source };
  });
  const reply = await transport({ ...request, cancellation: new Cancellation() });
  await new Promise((resolve) => setTimeout(resolve, 20));
  const before = written;
  expect(before).toBeLessThan(10);
  await reply.body.read();
  await reply.body.read();
  await new Promise((resolve) => setTimeout(resolve, 20));
  expect(written).toBe(before + 2);
  reply.body.cancel();
});

test("a client that goes away cancels, and a broken handler is an error", async () => {
  const cancelled = new Promise<string>((resolve) => {
    const transport = connect(({ cancellation }) => new Promise(() => void cancellation.onCancel(resolve)));
    const cancellation = new Cancellation();
    void transport({ ...request, cancellation });
    cancellation.cancel("closed");
  });
  expect(await cancelled).toBe("closed");
  const broken = connect(() => Promise.reject(new Error("no engine")));
  await expect(broken({ ...request, cancellation: new Cancellation() })).rejects.toThrow("no engine");
});
