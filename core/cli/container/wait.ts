import { command, minimum } from "../command.ts";
import { joinErrors } from "../exit.ts";
import { beginWait } from "./wait_exit.ts";

export const wait = command({
  usage: "wait CONTAINER [CONTAINER...]",
  aliasLine: "docker container wait, docker wait",
  short: "Wait for containers to stop and print their exit statuses",
  flags: {},
  arguments: minimum(1),
  async run(cli, names) {
    const client = await cli.client();
    const errors: Error[] = [];
    for (const name of names) {
      try {
        const answer = await beginWait(client, name, "");
        await cli.out.line(String((await answer()).StatusCode));
      } catch (error) {
        errors.push(error as Error);
      }
    }
    const joined = joinErrors(errors);
    if (joined) throw joined;
  },
});
