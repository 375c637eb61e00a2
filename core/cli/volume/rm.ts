import { command, minimum } from "../command.ts";
import { joinErrors } from "../exit.ts";
import { bool } from "../flags/basic.ts";
import { objectName } from "../object_name.ts";

/** docker volume rm. */
export const volumeRm = command({
  usage: "rm [OPTIONS] VOLUME [VOLUME...]",
  aliases: ["remove"],
  short: "Remove one or more volumes",
  long: "Remove one or more volumes. A volume that a container uses cannot be removed.",
  flags: { force: bool({ short: "f", usage: "Remove them by force", version: "1.25" }) },
  arguments: minimum(1),
  async run(cli, volumes, { force }) {
    const client = await cli.client();
    const errors: Error[] = [];
    for (const volume of volumes) {
      try {
        await client.call("DELETE", `/volumes/${objectName("volume", volume)}`, {
          query: { force: force ? "1" : undefined },
        });
        await cli.out.line(volume);
      } catch (error) {
        errors.push(error as Error);
      }
    }
    const joined = joinErrors(errors);
    if (joined) throw joined;
  },
});
