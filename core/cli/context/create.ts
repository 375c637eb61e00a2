import type { Cli } from "../cli.ts";
import { command, exact } from "../command.ts";
import { string } from "../flags/basic.ts";
import { quote } from "../go/strconv.ts";
import { endpointFlag, endpointHelp, endpointOf } from "./docker_endpoint.ts";
import { checkNewContext, contextNamed, readTls, writeContext, writeTls } from "./store.ts";

/** docker context create. */
export const contextCreate = command({
  usage: "create [OPTIONS] CONTEXT",
  short: "Create a context",
  long: `Create a context

${endpointHelp}
Example:

$ docker context create school --description "the class room" --docker "host=tcp://school:2376,ca=~/ca.pem,cert=~/cert.pem,key=~/key.pem"
`,
  flags: {
    description: string({ usage: "What the context is" }),
    docker: endpointFlag({ usage: "The engine" }),
    from: string({ usage: "Create it like another context" }),
  },
  arguments: exact(1),
  async run(cli, [name = ""], { description, docker, from }) {
    await checkNewContext(cli, name);
    if (from !== "" || docker === undefined) {
      if (docker && Object.keys(docker).length > 0)
        throw new Error("cannot use --docker flag when --from is set");
      await copyContext(cli, from || cli.currentContext, name, description);
    } else {
      const { meta, tls } = await endpointOf(cli, docker);
      await writeContext(cli, {
        Name: name,
        Metadata: { Description: description },
        Endpoints: { docker: meta },
      });
      await writeTls(cli, name, tls ? { docker: tls } : {});
    }
    await cli.out.line(name);
    await cli.err.line(`Successfully created context ${quote(name)}`);
  },
});

async function copyContext(cli: Cli, from: string, name: string, description: string): Promise<void> {
  const context = await contextNamed(cli, from);
  const metadata = description === "" ? context.Metadata : { ...context.Metadata, Description: description };
  await writeContext(cli, { ...context, Name: name, Metadata: metadata });
  await writeTls(cli, name, await readTls(cli, from));
}
