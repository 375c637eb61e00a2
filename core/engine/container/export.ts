import { conflict } from "../../errors/errors.ts";
import type { ByteSource } from "../../platform/bytes.ts";
import type { Engine } from "../engine.ts";
import { containerEvent } from "./events.ts";

/** A container's files as a tar archive, without what is mounted in it. */
export async function containerExport(engine: Engine, containerRef: string): Promise<ByteSource> {
  const container = engine.containers.resolve(containerRef);
  const { state, id } = container.record;
  if (state.dead) throw conflict(`You cannot export container ${id} which is Dead`);
  if (state.removing) throw conflict(`You cannot export container ${id} which is being removed`);
  const root = await engine.snapshotter.open(id);
  containerEvent(engine, container, "export");
  const archive = root.archive("/", { rename: "" });
  return closing(archive, () => root.close());
}

/** A source after whose end (or cancellation) `close` is called, once. */
export function closing(source: ByteSource, close: () => Promise<void>): ByteSource {
  let open = true;
  const end = async () => {
    if (!open) return;
    open = false;
    await close();
  };
  return {
    async read() {
      const chunk = await source.read();
      if (!chunk) await end();
      return chunk;
    },
    cancel(reason) {
      source.cancel(reason);
      void end();
    },
  };
}
