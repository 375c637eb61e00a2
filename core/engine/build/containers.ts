import type { BuildContainers, BuildHostOptions } from "../../build/backend.ts";
import type { ProcessStreams } from "../../containers/streams.ts";
import type { HostConfig } from "../../containers/hostconfig.ts";
import { DockerError } from "../../errors/errors.ts";
import { Cancellation } from "../../platform/cancellation.ts";
import { imageEvent } from "../image/events.ts";
import { containerCreate } from "../container/create.ts";
import { containerEvent } from "../container/events.ts";
import { containerRemove } from "../container/remove.ts";
import { containerStart } from "../container/start.ts";
import type { Engine, Operation } from "../engine.ts";
import { commitStep } from "./commit.ts";

/** The engine's containers, as the builder needs them. */
export function buildContainers(engine: Engine, operation: Operation): BuildContainers {
  // What is taken away must go even when the client has gone.
  const cleaning: Operation = { ...operation, cancellation: new Cancellation() };
  const remove = (id: string) =>
    containerRemove(engine, cleaning, id, { force: true, volumes: true, link: false });
  return {
    create: (config, host) =>
      containerCreate(engine, operation, {
        config,
        hostConfig: hostConfig(host),
        endpoints: {},
        platform: "",
      }),

    async run(id, output, cancellation) {
      const container = engine.containers.resolve(id);
      const ended = Promise.all([
        drained(container.streams, "stdout", output.stdout),
        drained(container.streams, "stderr", output.stderr),
      ]);
      containerEvent(engine, container, "attach");
      const undo = cancellation.onCancel(() => void remove(id).catch(ignoreGone));
      try {
        const exit = container.wait("next-exit", new Cancellation());
        await containerStart(engine, operation, id);
        const { exitCode } = await exit;
        await ended;
        return { status: exitCode };
      } finally {
        undo();
      }
    },

    // Making the container has made it.
    makeWorkdir: () => Promise.resolve(),

    async commit(id, step) {
      const { record } = engine.containers.resolve(id);
      const imageId = await commitStep(engine, operation, record.id, record.imageId, step, record.id);
      imageEvent(engine, "create", imageId);
      return imageId;
    },

    remove,
  };
}

/** Hands on what a container writes, in order; settles at the end of the stream. */
function drained(
  streams: ProcessStreams,
  stream: "stdout" | "stderr",
  write: (bytes: Uint8Array) => Promise<void>,
): Promise<void> {
  return new Promise((resolve) => {
    streams.tap(stream, { write, close: resolve, abort: () => resolve() });
  });
}

/** Somebody else may have taken it away already. */
function ignoreGone(error: unknown): void {
  if (!(error instanceof DockerError && (error.kind === "notFound" || error.kind === "conflict")))
    throw error;
}

function hostConfig(host: BuildHostOptions): HostConfig {
  return {
    NetworkMode: host.networkMode === "" || host.networkMode === "default" ? "bridge" : host.networkMode,
    // What a build says goes to its client alone.
    LogConfig: { Type: "none" },
    ...(host.extraHosts.length > 0 ? { ExtraHosts: host.extraHosts } : {}),
    ...(host.shmSize ? { ShmSize: host.shmSize } : {}),
    ...(host.cgroupParent ? { CgroupParent: host.cgroupParent } : {}),
    ...(host.memory ? { Memory: host.memory } : {}),
    ...(host.memorySwap ? { MemorySwap: host.memorySwap } : {}),
    ...(host.cpuShares ? { CpuShares: host.cpuShares } : {}),
    ...(host.cpuPeriod ? { CpuPeriod: host.cpuPeriod } : {}),
    ...(host.cpuQuota ? { CpuQuota: host.cpuQuota } : {}),
    ...(host.cpusetCpus ? { CpusetCpus: host.cpusetCpus } : {}),
    ...(host.cpusetMems ? { CpusetMems: host.cpusetMems } : {}),
    ...(host.ulimits.length > 0 ? { Ulimits: host.ulimits } : {}),
  };
}
