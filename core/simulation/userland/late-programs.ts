import type { Codecs } from "../../platform/digests.ts";
import type { KernelLoop } from "../kernel/loop.ts";
import { ProgramRegistry, type Program } from "../kernel/program.ts";
import { sys } from "../kernel/syscalls.ts";
import { hostPrograms, imagePrograms } from "./program-names.ts";
import { bash, dash } from "./shells.ts";

const fetchPrograms = () => Promise.all([import("./programs.ts"), import("./registry.ts")]);

/** Fetches the programs' code before it is wanted. */
export async function prefetchPrograms(): Promise<void> {
  await fetchPrograms();
}

/**
 * Makes the programs known to a kernel. The host's shells are there; for the code of all others, the first that runs after
 * a boot waits in the kernel, also where the code had been fetched before: it is to take the same steps everywhere.
 */
export function registerLatePrograms(registry: ProgramRegistry, loop: KernelLoop, codecs: Codecs): void {
  registry.register("dash", dash).register("bash", bash);
  let fetched: ProgramRegistry | undefined;
  const fetching = async () => {
    const [programs, { registryProgram }] = await fetchPrograms();
    const all = new ProgramRegistry().register("registry", registryProgram(codecs));
    programs.registerPrograms(all);
    return all;
  };
  const late = (name: string): Program =>
    function* (process) {
      fetched ??= yield* sys.await(loop.load(fetching()));
      return yield* fetched.get(name)!(process);
    };
  for (const name of [...hostPrograms, ...imagePrograms])
    if (!registry.get(name)) registry.register(name, late(name));
}
