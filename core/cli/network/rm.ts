import { isNotFound } from "../../client/errors.ts";
import { command, minimum } from "../command.ts";
import { confirm } from "../confirm.ts";
import { StatusError } from "../exit.ts";
import { bool } from "../flags/basic.ts";
import { objectName } from "../object_name.ts";

const ingressWarning =
  "WARNING! Before removing the routing-mesh network, make sure all the nodes in your swarm run the same docker engine version. " +
  "Otherwise, removal may not be effective and functionality of newly create ingress networks will be impaired.\nAre you sure you want to continue?";

/** docker network rm. */
export const networkRm = command({
  usage: "rm NETWORK [NETWORK...]",
  aliases: ["remove"],
  short: "Remove one or more networks",
  flags: { force: bool({ short: "f", usage: "It is no error when a network is not there" }) },
  arguments: minimum(1),
  async run(cli, networks, { force }) {
    const client = await cli.client();
    let status = 0;
    for (const network of networks) {
      try {
        const path = `/networks/${objectName("network", network)}`;
        const known = await client.json<{ Ingress?: boolean }>("GET", path).catch(() => undefined);
        if (known?.Ingress && !(await confirm(cli, ingressWarning))) continue;
        await client.call("DELETE", path);
      } catch (error) {
        if (force && isNotFound(error)) continue;
        await cli.err.line((error as Error).message);
        status = 1;
        continue;
      }
      await cli.out.line(network);
    }
    if (status !== 0) throw new StatusError(status, `exit status ${status}`);
  },
});
