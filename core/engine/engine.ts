import type { Container } from "../containers/container.ts";
import type { Exec } from "../containers/exec.ts";
import type { ContainerStore } from "../containers/store.ts";
import type { ContentStore } from "../content/store.ts";
import type { HttpClient } from "../distribution/http.ts";
import type { EventLog } from "../events/log.ts";
import type { ImageStore } from "../images/store.ts";
import type { NameResolver, NetworkDriver } from "../networks/driver.ts";
import type { PortAllocator } from "../networks/ports.ts";
import type { NetworkStore } from "../networks/store.ts";
import type { Cancellation } from "../platform/cancellation.ts";
import type { Clock } from "../platform/clock.ts";
import type { Codecs } from "../platform/digests.ts";
import type { MetadataStore } from "../platform/metadata.ts";
import type { Random } from "../platform/random.ts";
import type { Snapshotter } from "../snapshots/snapshotter.ts";
import type { StepLog, Trace } from "../steps/trace.ts";
import type { TaskRuntime } from "../tasks/runtime.ts";
import type { HostPaths, VolumeDriver } from "../volumes/driver.ts";
import type { VolumeStore } from "../volumes/store.ts";
import type { EngineSettings } from "./settings.ts";

/** The drivers and services that a world gives to its engine. */
export interface EnginePorts {
  clock: Clock;
  random: Random;
  codecs: Codecs;
  metadata: MetadataStore;
  content: ContentStore;
  snapshotter: Snapshotter;
  runtime: TaskRuntime;
  networkDriver: NetworkDriver;
  volumeDriver: VolumeDriver;
  hostPaths: HostPaths;
  http: HttpClient;
  settings: EngineSettings;
}

/** One engine: its ports, and what it keeps. Docker's verbs are functions over it, one file each beside this one. */
export interface Engine extends EnginePorts {
  images: ImageStore;
  containers: ContainerStore;
  volumes: VolumeStore;
  networks: NetworkStore;
  events: EventLog;
  steps: StepLog;
  /** docker exec's sessions by identifier. */
  execs: Map<string, Exec>;
  /** The host's ports that are published. */
  ports: PortAllocator;
  /** Whose network namespace it is: container identifiers by sandbox. */
  sandboxes: Map<string, string>;
  /** What the embedded DNS server answers with. */
  resolver: NameResolver;
  /** Removes a container that was started with --rm, now that it has ended. */
  autoRemove(container: Container): void;
}

/** On whose behalf an engine's verb works: where its steps go, and when to stop. */
export interface Operation {
  trace: Trace;
  cancellation: Cancellation;
}
