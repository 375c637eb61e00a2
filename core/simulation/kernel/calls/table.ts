import { descriptorCalls } from "./descriptors.ts";
import type { Handlers } from "./handler.ts";
import { machineCalls } from "./machine.ts";
import { mountCalls } from "./mounts.ts";
import { namespaceCalls } from "./namespaces.ts";
import { networkCalls } from "../../network/calls.ts";
import { pathCalls } from "./paths.ts";
import { processCalls } from "./processes.ts";
import { terminalCalls } from "./terminals.ts";
import { timeCalls } from "./time.ts";

/** Every system call's handler. */
export const handlers: Handlers = {
  ...descriptorCalls,
  ...pathCalls,
  ...mountCalls,
  ...processCalls,
  ...namespaceCalls,
  ...timeCalls,
  ...terminalCalls,
  ...networkCalls,
  ...machineCalls,
};
