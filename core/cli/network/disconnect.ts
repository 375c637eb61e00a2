import { command, exact } from "../command.ts";
import { bool } from "../flags/basic.ts";
import { objectName } from "../object_name.ts";

/** docker network disconnect. */
export const networkDisconnect = command({
  usage: "disconnect [OPTIONS] NETWORK CONTAINER",
  short: "Disconnect a container from a network",
  flags: { force: bool({ short: "f", usage: "Disconnect it by force" }) },
  arguments: exact(2),
  async run(cli, [network = "", container = ""], { force }) {
    const path = `/networks/${objectName("network", network)}/disconnect`;
    const body = { Container: objectName("container", container), Force: force };
    await (await cli.client()).call("POST", path, { body });
  },
});
