import { BrokenPipe, bytePipe, sourceOf, type ByteSink, type ByteSource } from "../platform/bytes.ts";
import { Cancellation } from "../platform/cancellation.ts";
import type { Transport } from "./exchange.ts";

/** The part of a MessagePort (or of a worker) that carries messages: structured clones, in order. */
export interface MessageLink {
  post(message: LinkMessage): void;
  listen(listener: (message: LinkMessage) => void): void;
}

/** `exchange` numbers a request; a byte stream of it is named by exchange and part. */
export type LinkMessage =
  | {
      type: "request";
      exchange: number;
      method: string;
      target: string;
      headers: Record<string, string>;
      hasBody: boolean;
    }
  | { type: "response"; exchange: number; status: number; headers: Record<string, string>; hijacked: boolean }
  | { type: "failed"; exchange: number; message: string }
  | { type: "gone"; exchange: number; reason: string }
  | { type: "data"; stream: string; bytes: Uint8Array }
  | { type: "end"; stream: string }
  | { type: "abort"; stream: string; message: string }
  | { type: "credit"; stream: string; bytes: number }
  | { type: "cancel"; stream: string; reason: string };

/** Bytes that may be on their way on one stream before its reader has taken any. */
const window = 256 * 1024;

/** A Transport over `link`, answered at the other end by `serveLink`. */
export function linkTransport(link: MessageLink): Transport {
  const streams = new LinkStreams(link);
  const waiting = new Map<
    number,
    { resolve(message: LinkMessage & { type: "response" }): void; reject(error: Error): void }
  >();
  link.listen((message) => {
    if (message.type === "response" || message.type === "failed") {
      const exchange = waiting.get(message.exchange);
      waiting.delete(message.exchange);
      if (message.type === "response") exchange?.resolve(message);
      else exchange?.reject(new Error(message.message));
    } else streams.receive(message);
  });
  let next = 1;
  return async (request) => {
    const exchange = next++;
    const answered = new Promise<LinkMessage & { type: "response" }>((resolve, reject) =>
      waiting.set(exchange, { resolve, reject }),
    );
    const down = streams.incoming(`${exchange}:down`);
    const { method, target, headers } = request;
    link.post({
      type: "request",
      exchange,
      method,
      target,
      headers: { ...headers },
      hasBody: request.body !== null,
    });
    request.cancellation.onCancel((reason) => link.post({ type: "gone", exchange, reason }));
    if (request.body) streams.outgoing(`${exchange}:body`, request.body);
    const { status, headers: replyHeaders, hijacked } = await answered;
    if (!hijacked) return { status, headers: replyHeaders, body: down };
    return {
      status,
      headers: replyHeaders,
      body: sourceOf(),
      connection: { source: down, sink: streams.sink(`${exchange}:up`) },
    };
  };
}

/** Answers, with `handler`, the requests that come in over `link`. */
export function serveLink(link: MessageLink, handler: Transport): void {
  const streams = new LinkStreams(link);
  const running = new Map<number, Cancellation>();
  link.listen((message) => {
    if (message.type === "request") void answer(message);
    else if (message.type === "gone") running.get(message.exchange)?.cancel(message.reason);
    else streams.receive(message);
  });
  async function answer({
    exchange,
    method,
    target,
    headers,
    hasBody,
  }: LinkMessage & { type: "request" }): Promise<void> {
    const cancellation = new Cancellation();
    running.set(exchange, cancellation);
    const body = hasBody ? streams.incoming(`${exchange}:body`) : null;
    const up = streams.incoming(`${exchange}:up`);
    try {
      const reply = await handler({ method, target, headers, body, cancellation });
      link.post({
        type: "response",
        exchange,
        status: reply.status,
        headers: { ...reply.headers },
        hijacked: reply.connection !== undefined,
      });
      if (reply.connection) streams.forward(up, reply.connection.sink);
      await streams.outgoing(`${exchange}:down`, reply.connection?.source ?? reply.body);
    } catch (error) {
      link.post({ type: "failed", exchange, message: (error as Error).message });
    } finally {
      running.delete(exchange);
      streams.forget(exchange);
    }
  }
}

/** The byte streams that share one link, each with a window of its own. */
class LinkStreams {
  readonly #link: MessageLink;
  #readers = new Map<string, ByteSink>();
  #writers = new Map<
    string,
    { credit: number; wake: (() => void) | undefined; broken: BrokenPipe | undefined }
  >();

  constructor(link: MessageLink) {
    this.#link = link;
  }

  receive(message: LinkMessage): void {
    if (message.type === "data") {
      // Never waits: the writer has been given this much credit.
      this.#readers
        .get(message.stream)
        ?.write(message.bytes)
        .catch(() => {});
    } else if (message.type === "end") {
      this.#readers.get(message.stream)?.close();
      this.#readers.delete(message.stream);
    } else if (message.type === "abort") {
      this.#readers.get(message.stream)?.abort(new Error(message.message));
      this.#readers.delete(message.stream);
    } else if (message.type === "credit" || message.type === "cancel") {
      const writer = this.#writers.get(message.stream);
      if (!writer) return;
      if (message.type === "credit") writer.credit += message.bytes;
      else writer.broken = new BrokenPipe(message.reason);
      writer.wake?.();
    }
  }

  /** What the other side writes to `stream`. */
  incoming(stream: string): ByteSource {
    const pipe = bytePipe(Infinity);
    this.#readers.set(stream, pipe.sink);
    return {
      read: async () => {
        const bytes = await pipe.source.read();
        if (bytes) this.#link.post({ type: "credit", stream, bytes: bytes.length });
        return bytes;
      },
      cancel: (reason = "canceled") => {
        pipe.source.cancel(reason);
        this.#readers.delete(stream);
        this.#link.post({ type: "cancel", stream, reason });
      },
    };
  }

  /** Where the other side reads `stream`. */
  sink(stream: string): ByteSink {
    const writer: { credit: number; wake: (() => void) | undefined; broken: BrokenPipe | undefined } = {
      credit: window,
      wake: undefined,
      broken: undefined,
    };
    this.#writers.set(stream, writer);
    return {
      write: async (bytes) => {
        while (writer.credit <= 0 && !writer.broken)
          await new Promise<void>((resolve) => (writer.wake = resolve));
        if (writer.broken) throw writer.broken;
        writer.credit -= bytes.length;
        this.#link.post({ type: "data", stream, bytes });
      },
      close: () => {
        this.#link.post({ type: "end", stream });
        this.#writers.delete(stream);
      },
      abort: (error) => {
        this.#link.post({ type: "abort", stream, message: error.message });
        this.#writers.delete(stream);
      },
    };
  }

  /** Sends all of `source` as `stream`. */
  outgoing(stream: string, source: ByteSource): Promise<void> {
    return this.forward(source, this.sink(stream));
  }

  async forward(source: ByteSource, sink: ByteSink): Promise<void> {
    try {
      for (let chunk = await source.read(); chunk; chunk = await source.read()) await sink.write(chunk);
      sink.close();
    } catch (error) {
      if (error instanceof BrokenPipe) source.cancel(error.message);
      else sink.abort(error as Error);
    }
  }

  /** Lets go of whatever is left of an exchange that is over. */
  forget(exchange: number): void {
    for (const part of ["body", "up"]) {
      this.#readers.get(`${exchange}:${part}`)?.close();
      this.#readers.delete(`${exchange}:${part}`);
    }
    this.#writers.delete(`${exchange}:down`);
  }
}
