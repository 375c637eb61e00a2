import { command, exact } from "../command.ts";
import { string } from "../flags/basic.ts";
import { quote } from "../go/strconv.ts";
import { endpointFlag, endpointHelp, endpointOf } from "./docker_endpoint.ts";
import { checkContextName, contextNamed, readTls, writeContext, writeTls } from "./store.ts";

/** docker context update. */
export const contextUpdate = command({
  usage: "update [OPTIONS] CONTEXT",
  short: "Change a context",
  long: `Change a context

${endpointHelp}
Example:

$ docker context update school --description "the class room" --docker "host=tcp://school:2376,ca=~/ca.pem,cert=~/cert.pem,key=~/key.pem"
`,
  flags: {
    description: string({ usage: "What the context is" }),
    docker: endpointFlag({ usage: "The engine" }),
  },
  arguments: exact(1),
  async run(cli, [name = ""], { description, docker }) {
    checkContextName(name);
    const context = await contextNamed(cli, name);
    if (description !== "") context.Metadata = { ...context.Metadata, Description: description };
    const endpoint = docker && (await endpointOf(cli, docker));
    if (endpoint) context.Endpoints = { ...context.Endpoints, docker: endpoint.meta };
    await writeContext(cli, context);
    if (endpoint) {
      const { docker: _, ...others } = await readTls(cli, name);
      await writeTls(cli, name, endpoint.tls ? { ...others, docker: endpoint.tls } : others);
    }
    await cli.out.line(name);
    await cli.err.line(`Successfully updated context ${quote(name)}`);
  },
});
