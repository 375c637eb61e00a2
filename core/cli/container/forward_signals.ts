import type { Cli } from "../cli.ts";
import { Cancellation } from "../../platform/cancellation.ts";

/** Hands each signal that this command receives on to the container, until the returned function is called. */
export function forwardSignals(cli: Cli, containerId: string): () => void {
  return cli.console.onSignal((signal) => {
    const name = signal.replace(/^SIG/, "");
    const request = { query: { signal: name }, cancellation: new Cancellation() };
    // A container that has ended takes no signal; its end is reported elsewhere.
    const sent = cli
      .client()
      .then((client) => client.call("POST", `/containers/${containerId}/kill`, request));
    sent.catch(() => {});
  });
}
