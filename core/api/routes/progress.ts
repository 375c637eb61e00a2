import { failure } from "../../distribution/progress.ts";
import type { Tell } from "../../distribution/progress.ts";
import { BrokenPipe, bytePipe, utf8 } from "../../platform/bytes.ts";
import type { Cancellation } from "../../platform/cancellation.ts";
import type { ApiResponse } from "../exchange.ts";
import { encodeJson } from "../responses.ts";

/**
 * An answer of progress messages, ended by CR LF each. What goes wrong before the first message is an error with a status of
 * its own (the promise rejects); later it is the last message. `always`: a stream in any case.
 */
export async function progressAnswer(
  cancellation: Cancellation,
  work: (tell: Tell) => Promise<void>,
  { always = false }: { always?: boolean } = {},
): Promise<ApiResponse> {
  const { source, sink } = bytePipe();
  let begun = always;
  let begin: () => void = () => {};
  const first = new Promise<void>((resolve) => (begin = resolve));
  const tell: Tell = (message) => {
    begun = true;
    begin();
    return sink.write(utf8(encodeJson(message).replace(/\n$/, "\r\n")));
  };
  const outcome = work(tell).then(
    () => sink.close(),
    async (error: Error) => {
      if (!begun) throw error;
      if (!(error instanceof BrokenPipe)) await tell(failure(error.message)).catch(() => {});
      sink.close();
    },
  );
  if (always) void outcome;
  else await Promise.race([first, outcome]);
  outcome.catch(() => {});
  const cancel = (reason?: string) => {
    source.cancel(reason);
    cancellation.cancel(reason ?? "context canceled");
  };
  return {
    status: 200,
    headers: { "content-type": "application/json" },
    body: { read: () => source.read(), cancel },
  };
}
