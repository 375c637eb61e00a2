import { serveHttpConnection } from "../../api/http-connection.ts";
import { RegistryServer } from "../../distribution/server/registry.ts";
import type { RegistryRequest } from "../../distribution/server/registry.ts";
import { Errno } from "../../files/filesystem.ts";
import { BrokenPipe, text, utf8 } from "../../platform/bytes.ts";
import type { ByteDuplex } from "../../platform/bytes.ts";
import type { Codecs } from "../../platform/digests.ts";
import { SeededRandom } from "../../platform/seeded-random.ts";
import { O } from "../kernel/calls.ts";
import type { SocketAddress } from "../kernel/calls.ts";
import type { Program } from "../kernel/program.ts";
import { asyncProgram } from "../kernel/syscalls.ts";
import type { AsyncCalls } from "../kernel/syscalls.ts";
import { bcryptMatches } from "./bcrypt.ts";
import { ProcessFiles } from "./registry-files.ts";
import { RegistryLog } from "./registry-log.ts";

const USAGE = `Usage:
  registry [flags]
  registry [command]

Available Commands:
  help        Help about any command
  serve       Serve a registry

Flags:
  -v, --version   show the version and exit
`;

/** How Go ends at SIGTERM and SIGINT. */
const KILLED = 2;

/** The program of the image registry:2: distribution's registry, over the simulated kernel's files and sockets. */
export function registryProgram(codecs: Codecs): Program {
  return asyncProgram(async (calls) => {
    const [, command, config] = calls.process.argv;
    if (command === "--version" || command === "-v") {
      await calls.write(1, utf8(`${calls.process.argv[0]} github.com/docker/distribution 2.8.3\n`));
      return 0;
    }
    if (command !== "serve") {
      await calls.write(command === undefined || command === "help" ? 1 : 2, utf8(USAGE));
      return command === undefined || command === "help" ? 0 : 1;
    }
    const setting = calls.process.getenv("REGISTRY_CONFIGURATION_PATH") ?? config;
    if (setting === undefined) return fail(calls, "configuration error: configuration path unspecified");
    let written: string;
    try {
      written = await readText(calls, setting);
    } catch (error) {
      if (!(error instanceof Errno)) throw error;
      return fail(calls, `configuration error: open ${setting}: no such file or directory`);
    }
    return serve(calls, settings(calls, written), codecs);
  });
}

interface RegistrySettings {
  address: string;
  root: string;
  deletes: boolean;
  /** How it knows its users: "htpasswd", or "" when it does not ask. */
  auth: string;
  realm: string;
  /** The htpasswd file. */
  users: string;
}

/** What matters of config.yml, and what the environment says instead. */
function settings(calls: AsyncCalls, config: string): RegistrySettings {
  const env = (name: string) => calls.process.getenv(name) || undefined;
  const value = (key: string) => new RegExp(`^\\s*${key}:\\s*(\\S+)\\s*$`, "m").exec(config)?.[1];
  return {
    address: env("REGISTRY_HTTP_ADDR") ?? value("addr") ?? ":5000",
    root: env("REGISTRY_STORAGE_FILESYSTEM_ROOTDIRECTORY") ?? value("rootdirectory") ?? "/var/lib/registry",
    deletes:
      (env("REGISTRY_STORAGE_DELETE_ENABLED") ?? /delete:\s*\n\s*enabled:\s*(\S+)/.exec(config)?.[1]) ===
      "true",
    auth: env("REGISTRY_AUTH") ?? /^auth:\s*\n\s+(\w+):/m.exec(config)?.[1] ?? "",
    realm: env("REGISTRY_AUTH_HTPASSWD_REALM") ?? value("realm") ?? "",
    users: env("REGISTRY_AUTH_HTPASSWD_PATH") ?? value("path") ?? "",
  };
}

async function serve(
  calls: AsyncCalls,
  { address, root, deletes, auth, realm, users: usersFile }: RegistrySettings,
  codecs: Codecs,
): Promise<number> {
  if (auth !== "" && auth !== "none" && auth !== "htpasswd")
    return fail(calls, `unable to configure authorization (${auth}): not available in this registry`);
  if (auth === "htpasswd" && (realm === "" || usersFile === "")) {
    const missing = realm === "" ? "realm" : "path";
    return fail(
      calls,
      `unable to configure authorization (htpasswd): "${missing}" must be set for htpasswd access controller`,
    );
  }
  let users = new Map<string, string>();
  const seed = await calls.getrandom(6);
  const random = new SeededRandom(seed.reduce((value, byte) => value * 256 + byte, 0));
  const log = new RegistryLog(random);
  const now = () => calls.clock();
  const say = async (level: "info" | "warning", message: string) =>
    void (await calls.write(2, utf8(log.line(await now(), level, message))));
  const [, host = "", port = "5000"] = /^(.*):(\d+)$/.exec(address) ?? [];
  const listener = await calls.socket("inet6", "stream", { closeOnExec: true });
  let moment = await now();
  const server = new RegistryServer({
    files: new ProcessFiles(calls, root),
    codecs,
    random,
    now: () => moment,
    deletes,
    ...(auth === "htpasswd"
      ? {
          basic: {
            realm,
            check: (name: string, password: string) => bcryptMatches(password, users.get(name) ?? ""),
          },
        }
      : {}),
  });
  await say(
    "warning",
    "No HTTP secret provided - generated random secret. This may cause problems with uploads if multiple registries are behind a load-balancer. To provide a shared secret, fill in http.secret in the configuration file or set the REGISTRY_HTTP_SECRET environment variable.",
  );
  await say("info", "redis not configured");
  await say("info", "using inmemory blob descriptor cache");
  try {
    await calls.bind(listener, {
      family: "inet6",
      address: host.replace(/^\[|\]$/g, "") || "::",
      port: Number(port),
    });
    await calls.listen(listener, 128);
  } catch (error) {
    if (!(error instanceof Errno)) throw error;
    return fail(calls, `listen tcp ${address}: bind: address already in use`, "fatal");
  }
  await say("info", `listening on ${host === "" ? "[::]" : host}:${port}`);

  const answer = async (peer: string, request: RegistryRequest) => {
    const started = (moment = await now());
    // Read every time, so that who is added while it runs can come in.
    if (auth === "htpasswd") users = await readUsers(calls, usersFile);
    const response = await server.handle(request);
    const ended = await now();
    await calls.write(2, utf8(log.completed(ended, started, peer, request, response)));
    await calls.write(1, utf8(log.access(ended, peer, request, response)));
    return response;
  };
  const accepting = async (): Promise<number> => {
    for (;;) {
      const { fd, peer } = await calls.accept(listener);
      void serveHttpConnection(connectionOf(calls, fd), (request) => answer(peerText(peer), request)).catch(
        () => {},
      );
    }
  };
  const signalled = new Promise<number>((resolve) => {
    calls.onSignal("SIGTERM", () => resolve(KILLED));
    calls.onSignal("SIGINT", () => resolve(KILLED));
  });
  return Promise.race([accepting(), signalled]);
}

/** A socket as a connection; both ways end at its close. */
function connectionOf(calls: AsyncCalls, fd: number): ByteDuplex {
  let open = true;
  const close = () => {
    if (!open) return;
    open = false;
    void calls.close(fd).catch(() => {});
  };
  return {
    source: {
      async read() {
        if (!open) return null;
        try {
          const bytes = await calls.read(fd, 65536);
          return bytes.length > 0 ? bytes : null;
        } catch (error) {
          if (error instanceof Errno) return null;
          throw error;
        }
      },
      cancel: close,
    },
    sink: {
      async write(bytes) {
        try {
          for (let at = 0; open && at < bytes.length;) at += await calls.sendto(fd, bytes.subarray(at));
        } catch (error) {
          throw error instanceof Errno ? new BrokenPipe() : error;
        }
      },
      close,
      abort: close,
    },
  };
}

function peerText(peer: SocketAddress): string {
  return peer.family === "unix" ? peer.path : `${peer.address}:${peer.port}`;
}

/** Hashes of passwords by name; nobody when there is no such file. */
async function readUsers(calls: AsyncCalls, path: string): Promise<Map<string, string>> {
  try {
    const lines = (await readText(calls, path))
      .split("\n")
      .filter((line) => line.includes(":") && !line.startsWith("#"));
    return new Map(
      lines.map((line) => [line.slice(0, line.indexOf(":")), line.slice(line.indexOf(":") + 1).trim()]),
    );
  } catch (error) {
    if (!(error instanceof Errno)) throw error;
    return new Map();
  }
}

async function readText(calls: AsyncCalls, path: string): Promise<string> {
  const fd = await calls.open(path, O.RDONLY | O.CLOEXEC);
  const bytes = await calls.read(fd, 1 << 20);
  await calls.close(fd);
  return text(bytes);
}

async function fail(calls: AsyncCalls, message: string, level = ""): Promise<number> {
  const line = level === "" ? `${message}\n` : `time="" level=${level} msg=${JSON.stringify(message)} \n`;
  await calls.write(2, utf8(line));
  return 1;
}
