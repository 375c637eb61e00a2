import { createHash } from "node:crypto";
import { gunzipSync } from "node:zlib";
import { runDocker } from "../../core/cli/docker.ts";
import { portableCodecs } from "../../core/platform/portable-codecs.ts";
import type { Codecs } from "../../core/platform/digests.ts";
import type { WallClock } from "../../core/simulation/kernel/pacing.ts";

/** Node's own hashing and unpacking, which give the same bytes faster; what packs must be the same everywhere. */
const codecs: Codecs = {
  ...portableCodecs,
  sha256() {
    const hash = createHash("sha256");
    return {
      update(bytes) {
        hash.update(bytes);
        return this;
      },
      hex: () => hash.digest("hex"),
    };
  },
  gunzip(bytes) {
    try {
      return new Uint8Array(gunzipSync(bytes));
    } catch {
      // Its errors are Go's.
      return portableCodecs.gunzip(bytes);
    }
  },
};

/** What a simulated world needs of Node. */
export const nodeSurroundings = {
  codecs,
  docker: runDocker,
  turn: () => new Promise<void>((resolve) => setImmediate(resolve)),
};

/** This machine's clock, for pacing. */
export const wallClock: WallClock = {
  now: () => performance.now(),
  sleep: (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds)),
};

/** The moment, for a machine's first boot. */
export function epochNow(): bigint {
  return BigInt(Date.now()) * 1_000_000n;
}
