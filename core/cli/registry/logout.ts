import { command, maximum } from "../command.ts";
import { eraseCredentials, hostOf, indexServer } from "./credentials.ts";

/** docker logout. */
export const logout = command({
  usage: "logout [SERVER]",
  short: "Log out from a registry",
  long: "Log out from a registry.\nWithout a server, from the one that the engine takes by default.",
  commonRank: 9,
  flags: {},
  arguments: maximum(1),
  async run(cli, [server = ""]) {
    const isDefault = server === "";
    const host = isDefault ? indexServer : hostOf(server);
    await cli.out.line(`Removing login credentials for ${host}`);
    // Clients of long ago kept credentials under whole URLs.
    const keys = isDefault ? [indexServer] : [server, host, `http://${host}`, `https://${host}`];
    try {
      await eraseCredentials(cli, keys);
    } catch (error) {
      await cli.err.line("WARNING: could not erase credentials:");
      for (const key of keys) await cli.err.line(`${key}: ${(error as Error).message}`);
    }
  },
});
