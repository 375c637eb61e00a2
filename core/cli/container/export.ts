import { command, exact } from "../command.ts";
import { string } from "../flags/basic.ts";
import { writeAside } from "../write_aside.ts";
import { containerPath } from "./container_path.ts";

export const exportContainer = command({
  usage: "export [OPTIONS] CONTAINER",
  aliasLine: "docker container export, docker export",
  short: "Write a container's file system as a tar archive",
  flags: { output: string({ short: "o", usage: "Write to a file instead of STDOUT" }) },
  arguments: exact(1),
  async run(cli, [name = ""], { output }) {
    if (output === "" && cli.out.terminal)
      throw new Error("cowardly refusing to save to a terminal. Use the -o flag or redirect");
    const file = output
      ? await writeAside(cli.console, output).catch((error: Error) => {
          throw new Error(`failed to export container: ${error.message}`);
        })
      : undefined;
    try {
      const response = await (await cli.client()).request("GET", `${containerPath(name)}/export`);
      const sink = file ?? cli.out;
      for (let chunk = await response.body.read(); chunk; chunk = await response.body.read())
        await sink.write(chunk);
      await file?.keep();
    } catch (error) {
      await file?.drop();
      throw error;
    }
  },
});
