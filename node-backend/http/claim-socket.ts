import { lstatSync, rmSync } from "node:fs";
import { connect } from "node:net";

/**
 * Makes way for a unix socket at `path`: removes what an earlier server left there. Rejects, touching nothing, when a server
 * still answers there or when it is no socket at all.
 */
export async function claimSocket(path: string): Promise<void> {
  const stat = lstatSync(path, { throwIfNoEntry: false });
  if (!stat) return;
  if (!stat.isSocket()) throw new Error(`${path} exists and is no socket`);
  const answered = await new Promise<boolean>((resolve) => {
    const socket = connect(path);
    socket.once("connect", () => {
      socket.destroy();
      resolve(true);
    });
    socket.once("error", () => resolve(false));
  });
  if (answered) throw new Error(`another server listens at ${path}`);
  rmSync(path);
}
