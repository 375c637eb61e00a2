import { ContainerStore } from "../containers/store.ts";
import { EventLog } from "../events/log.ts";
import { ImageStore } from "../images/store.ts";
import { PortAllocator } from "../networks/ports.ts";
import { ContainerNames } from "../networks/resolver.ts";
import { NetworkStore } from "../networks/store.ts";
import { Cancellation } from "../platform/cancellation.ts";
import { StepLog } from "../steps/trace.ts";
import { VolumeStore } from "../volumes/store.ts";
import { autoRemove } from "./container/remove.ts";
import { recoverContainers } from "./container/recover.ts";
import type { Engine, EnginePorts } from "./engine.ts";
import { ensureDefaultNetworks } from "./network/defaults.ts";

/**
 * An engine over these drivers: what it kept from before is loaded, the default networks are there, and containers
 * whose restart policy says so run again.
 */
export async function createEngine(ports: EnginePorts): Promise<Engine> {
  const { metadata, clock, settings } = ports;
  const containers = new ContainerStore(metadata, clock);
  const networks = new NetworkStore(metadata, settings.defaultAddressPools);
  const sandboxes = new Map<string, string>();
  const engine: Engine = {
    ...ports,
    images: new ImageStore(ports),
    containers,
    volumes: new VolumeStore(metadata),
    networks,
    events: new EventLog(clock),
    steps: new StepLog(clock),
    execs: new Map(),
    ports: new PortAllocator(),
    sandboxes,
    resolver: new ContainerNames(containers, networks, sandboxes),
    autoRemove: (container) => autoRemove(engine, container),
  };
  const operation = { trace: engine.steps.root(), cancellation: new Cancellation() };
  await ensureDefaultNetworks(engine, operation);
  await recoverContainers(engine, operation);
  return engine;
}
