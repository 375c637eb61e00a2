import { randomBytes } from "node:crypto";
import { chmodSync, rmSync } from "node:fs";
import type { Transport } from "../core/api/exchange.ts";
import { wallPacer } from "../core/simulation/kernel/pacing.ts";
import { World } from "../core/simulation/world.ts";
import { claimSocket } from "./http/claim-socket.ts";
import { createApiServer, parseHost } from "./http/server.ts";
import { takeOptions } from "./options.ts";
import { outsideOf } from "./simulated/outside.ts";
import { PublishedPorts } from "./simulated/published-ports.ts";
import { SharedDirectory } from "./simulated/shared-directory.ts";
import { sharedPaths } from "./simulated/shared-paths.ts";
import { epochNow, nodeSurroundings, wallClock } from "./simulated/surroundings.ts";

/** `drydock serve`: a simulated engine behind sockets, until it is interrupted. Virtual time is the wall clock. */
export async function serve(args: string[]): Promise<number> {
  const { values, positionals } = takeOptions("serve", args, {
    engine: { type: "string", default: "simulated" },
    host: { type: "string", multiple: true },
    with: { type: "string", multiple: true },
  });
  if (positionals.length > 0) throw new Error(`serve: unexpected argument ${positionals[0]}`);
  if (values.engine !== "simulated")
    throw new Error(`serve: there is no engine ${values.engine} yet; want --engine simulated`);
  const hosts = values.host ?? [];
  if (hosts.length === 0) throw new Error("serve: want --host unix:///PATH or --host tcp://127.0.0.1:PORT");
  const world = await World.create({
    ...nodeSurroundings,
    seed: Number(randomBytes(6).readUIntBE(0, 6)),
    epoch: epochNow(),
    shared: sharedPaths(values.with ?? []).map((path) => ({
      path,
      fileSystem: (device) => new SharedDirectory(path, device),
    })),
    networkDriver: (simulated, kernel) => new PublishedPorts(simulated, outsideOf(kernel)),
  });
  const { loop, time } = world.kernel;
  loop.pace(wallPacer(wallClock, time.elapsed));
  const handler: Transport = (request) => {
    // What comes from outside comes now: virtual time is brought to the wall clock's.
    loop.input(() => {});
    return world.api(request);
  };
  const server = createApiServer(handler);
  for (const host of hosts) {
    const { protocol, path } = parseHost(host);
    if (protocol === "unix") await claimSocket(path!);
    const at = await server.listen(host);
    if (protocol === "unix") chmodSync(path!, 0o660);
    console.log(`API listen on ${at}`);
  }
  await new Promise<void>((resolve) => process.once("SIGINT", resolve).once("SIGTERM", resolve));
  await server.close();
  for (const host of hosts) if (host.startsWith("unix://")) rmSync(parseHost(host).path!, { force: true });
  return 0;
}
