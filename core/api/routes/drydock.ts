import { layersView } from "../../engine/drydock/layers.ts";
import type { Step } from "../../steps/trace.ts";
import { invalidParameter } from "../../errors/errors.ts";
import { json, jsonMessages } from "../responses.ts";
import type { Route } from "../router.ts";

/**
 * What Docker's API cannot carry. Same authorisation as the rest.
 *
 * GET /_drydock/steps?after=N: the steps that began after number N, oldest first. With follow=1 a stream of JSON
 * messages: those, then every step when it begins and again when it ends.
 * GET /_drydock/layers: images, layers, containers, volumes and networks as one picture (LayersView); ask again after
 * an event. GET /_drydock/containers/{id}/changes: what a container's writable layer holds.
 */
export const drydockRoutes: readonly Route[] = [
  {
    method: "GET",
    path: "/_drydock/steps",
    handler(call) {
      const { engine, operation, query } = call;
      const after = query.int("after") ?? 0;
      if (after < 0) throw invalidParameter("after must not be negative");
      if (!query.bool("follow")) return json(engine.steps.since(after).map(stepJson));
      return jsonMessages(operation.cancellation, async (send) => {
        const waiting: Step[] = [];
        let wake = () => {};
        const unlisten = engine.steps.listen((step) => {
          waiting.push({ ...step });
          // A reader that does not keep up loses the oldest: pictures want what is new.
          if (waiting.length > 10_000) waiting.shift();
          wake();
        });
        const undo = operation.cancellation.onCancel(() => wake());
        try {
          for (const step of engine.steps.since(after)) await send(stepJson(step));
          while (!operation.cancellation.cancelled) {
            const step = waiting.shift();
            if (step) await send(stepJson(step));
            else await new Promise<void>((resolve) => (wake = resolve));
          }
        } finally {
          unlisten();
          undo();
        }
      });
    },
  },
  { method: "GET", path: "/_drydock/layers", handler: async (call) => json(await layersView(call.engine)) },
  {
    method: "GET",
    path: "/_drydock/containers/{name:.*}/changes",
    async handler(call) {
      const container = call.engine.containers.resolve(call.params.name!);
      return json(await call.engine.snapshotter.changes(container.id));
    },
  },
];

/** Times are whole nanoseconds, too large for a number: they go as texts. */
function stepJson(step: Step): Record<string, unknown> {
  return { ...step, at: String(step.at), ...(step.until === undefined ? {} : { until: String(step.until) }) };
}
