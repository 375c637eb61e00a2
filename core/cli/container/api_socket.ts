import type { Cli } from "../cli.ts";
import { tarWriter } from "../../archive/write.ts";
import { bytesContent } from "../../files/content.ts";
import { bytePipe, utf8 } from "../../platform/bytes.ts";
import { containerPath } from "./container_path.ts";
import type { CreateRequest } from "./create_request.ts";

const configPath = "/run/secrets/docker/config.json";

/**
 * Lets a container that is to be made use the engine (--use-api-socket): mounts the socket, and returns what puts
 * the user's registry credentials into the container once it is there; undefined when there are none.
 */
export async function addEngineAccess(
  cli: Cli,
  request: CreateRequest,
): Promise<((containerId: string) => Promise<void>) | undefined> {
  const { host } = await cli.endpoint();
  if (!host.startsWith("unix://"))
    throw new Error(
      `flag --use-api-socket can only be used with unix sockets: docker endpoint ${host} incompatible`,
    );
  const socket = {
    Type: "bind",
    Source: host.slice("unix://".length),
    Target: "/var/run/docker.sock",
    BindOptions: {},
  };
  request.HostConfig.Mounts = [...(request.HostConfig.Mounts ?? []), socket];
  // Who sets DOCKER_CONFIG brings credentials along.
  if (request.Env?.some((variable) => variable.startsWith("DOCKER_CONFIG="))) return undefined;
  const auths = credentials(cli);
  if (Object.keys(auths).length === 0) return undefined;
  request.Env = [...(request.Env ?? []), "DOCKER_CONFIG=/run/secrets/docker"];
  return (id) => putConfig(cli, id, JSON.stringify({ auths }, null, "\t"));
}

function credentials(cli: Cli): Record<string, unknown> {
  const given = cli.console.env["DOCKER_AUTH_CONFIG"];
  if (!given) return cli.config.auths ?? {};
  try {
    return (JSON.parse(given) as { auths?: Record<string, unknown> }).auths ?? {};
  } catch (error) {
    throw new Error(
      `resolving credentials failed: failed to read credentials from DOCKER_AUTH_CONFIG: ${(error as Error).message}`,
    );
  }
}

async function putConfig(cli: Cli, id: string, config: string): Promise<void> {
  const pipe = bytePipe();
  const archive = tarWriter(pipe.sink);
  const packed = archive
    .add({ name: configPath, kind: "file", mode: 0o600, content: bytesContent(utf8(config)) })
    .then(() => archive.finish());
  try {
    const sent = (await cli.client()).call("PUT", `${containerPath(id)}/archive`, {
      query: { path: "/", noOverwriteDirNonDir: "true" },
      rawBody: pipe.source,
    });
    await Promise.all([packed, sent]);
  } catch (error) {
    throw new Error(
      `injecting docker config.json into container failed: copying config.json into container failed: ${(error as Error).message}`,
    );
  }
}
