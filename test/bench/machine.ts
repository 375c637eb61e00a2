import { runDocker } from "../../core/cli/docker.ts";
import type { Console } from "../../core/cli/console.ts";
import { text, sourceOf } from "../../core/platform/bytes.ts";
import { jumping } from "../../core/simulation/kernel/pacing.ts";
import { World } from "../../core/simulation/world.ts";
import { nodeSurroundings } from "../../node-backend/simulated/surroundings.ts";

/** A simulated machine whose time jumps, and a docker command line in this process that speaks to its engine. */
export interface BenchMachine {
  world: World;
  /** Runs `docker ARGS`; what it printed. Throws when it fails. */
  docker(...args: string[]): Promise<string>;
}

export async function startMachine(): Promise<BenchMachine> {
  const world = await World.create({ ...nodeSurroundings, seed: 1, epoch: 1_750_000_000_000_000_000n });
  world.kernel.loop.pace(jumping);
  return {
    world,
    async docker(...args) {
      let printed = "";
      let complained = "";
      const sink = (take: (piece: string) => void) => ({
        write: async (bytes: Uint8Array) => take(text(bytes)),
        close() {},
        abort() {},
      });
      const console: Console = {
        env: { HOME: "/root" },
        cwd: "/",
        files: {
          ...noFiles,
        },
        stdin: sourceOf(),
        stdout: sink((piece) => (printed += piece)),
        stderr: sink((piece) => (complained += piece)),
        terminals: {},
        clock: world.kernel.clock,
        platform: { os: "linux", arch: "amd64" },
        onSignal: () => () => {},
        connect: () => world.api,
      };
      const status = await runDocker(args, console);
      if (status !== 0) throw new Error(`docker ${args.join(" ")}: ${complained}`);
      return printed;
    },
  };
}

const missing = (path: string) =>
  Promise.reject(
    Object.assign(new Error(`open ${path}: no such file or directory`), {
      name: "FileError",
      code: "ENOENT",
    }),
  );
const noFiles = {
  lstat: missing, stat: missing, readlink: missing, readdir: missing, open: missing, create: missing, mkdir: missing, symlink: missing,
  link: missing, rename: missing, remove: missing, chmod: missing, utimes: missing,
} as unknown as Console["files"]; // prettier-ignore

export function median(list: number[]): number {
  return [...list].sort((a, b) => a - b)[Math.floor(list.length / 2)]!;
}

/** Milliseconds of each of `count` runs, after `warmup` that do not count; and of processor time, as the mean of them. */
export async function timed(
  count: number,
  work: () => Promise<unknown>,
  warmup = 1,
): Promise<{ times: number[]; processor: number }> {
  for (let at = 0; at < warmup; at++) await work();
  const times: number[] = [];
  const before = process.cpuUsage();
  for (let at = 0; at < count; at++) {
    const start = performance.now();
    await work();
    times.push(performance.now() - start);
  }
  const { user, system } = process.cpuUsage(before);
  return { times, processor: (user + system) / 1000 / count };
}

export function report(what: string, value: string, wanted: string): void {
  console.log(`${what.padEnd(58)} ${value.padStart(12)}   (want ${wanted})`);
}
