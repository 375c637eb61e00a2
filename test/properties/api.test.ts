import fc from "fast-check";
import { expect, test } from "vitest";
import { routes } from "../../core/api/routes.ts";
import { utf8 } from "../../core/platform/bytes.ts";
import { ask, expectInvariants, newWorld } from "./world.testing.ts";

const seed = 20250615;

const names = fc.constantFrom("c0", "c1", "busybox", "busybox:latest", "v", "bridge", "none", "nosuch", "", "%2F", "a b", "é", "..", "x".repeat(300)); // prettier-ignore
const queryNames = fc.constantFrom(
  "all", "limit", "size", "filters", "name", "fromImage", "fromSrc", "repo", "tag", "force", "v", "link", "signal", "t", "condition", "path",
  "stdout", "stderr", "logs", "stream", "follow", "tail", "since", "until", "timestamps", "h", "w", "ps_args", "container", "comment", "changes",
  "pause", "noprune", "digests", "platform", "one-shot", "term", "details", "dangling", "verbose", "type", "quiet", "names",
); // prettier-ignore
const queryValues = fc.oneof(
  fc.constantFrom("", "1", "0", "true", "-1", "busybox", "c0", "nosuch", "99999999999", "NaN", "{}", "null", "[]", '{"label":["a=b"]}', '{"label":{"a":true}}', '{"status":["running"]}', '{"nosuch":["x"]}', "SIGKILL", "/etc", "../..", "next-exit", "-ef", "1.5"),
  fc.string({ maxLength: 8 }),
); // prettier-ignore
const odd = fc.oneof(
  fc.constantFrom<unknown>(null, "", "busybox", "x", 0, -1, 1e20, true, [], {}, [null], ["a=b"], { a: "b" }, { "80/tcp": {} }, { "80/tcp": [{ HostPort: "0" }] }, ["/etc:/e:ro"], ["true"]),
  fc.jsonValue({ maxDepth: 2 }),
); // prettier-ignore
const fields = fc.constantFrom(
  "Image", "Cmd", "Entrypoint", "Env", "Labels", "User", "WorkingDir", "Volumes", "ExposedPorts", "Healthcheck", "Tty", "OpenStdin", "StopSignal",
  "Name", "Driver", "DriverOpts", "Options", "IPAM", "Internal", "Container", "Force", "EndpointConfig", "Detach", "AttachStdout", "Privileged",
  "Memory", "NanoCpus", "RestartPolicy", "Hostname", "Shell", "username", "password", "serveraddress",
); // prettier-ignore
const hostFields = fc.constantFrom("Binds", "Mounts", "PortBindings", "Memory", "CpuShares", "RestartPolicy", "NetworkMode", "Tmpfs", "Devices", "Ulimits", "CapAdd", "SecurityOpt", "Sysctls", "LogConfig", "PidMode", "IpcMode", "ReadonlyRootfs", "Links", "Dns", "ExtraHosts", "VolumesFrom", "ShmSize", "AutoRemove"); // prettier-ignore
const bodies = fc.oneof(
  { weight: 2, arbitrary: fc.constant(undefined) },
  fc.constantFrom("{}", "null", "[]", "{", '"x"', "{}{}", '{"Image":"busybox","Cmd":["true"]}').map(utf8),
  fc
    .tuple(fc.dictionary(fields, odd, { maxKeys: 4 }), fc.dictionary(hostFields, odd, { maxKeys: 3 }))
    .map(([config, HostConfig]) => utf8(JSON.stringify({ Image: "busybox", ...config, HostConfig }))),
  fc.uint8Array({ maxLength: 600 }),
);
const requests = fc.record({
  route: fc.constantFrom(
    ...routes
      .filter(({ path }) => !path.startsWith("/_drydock/") && path !== "/{any:.*}")
      .map(({ method, path }) => ({ method, path })),
  ),
  name: names,
  version: fc.constantFrom("", "/v1.51", "/v1.24", "/v1.40"),
  query: fc.array(fc.tuple(queryNames, queryValues), { maxLength: 3 }),
  body: bodies,
});

test("no request breaks the engine", { timeout: 60_000 }, async () => {
  const world = await newWorld();
  await ask(world, "POST", "/images/create?fromImage=busybox&tag=latest");
  await fc.assert(
    fc.asyncProperty(fc.array(requests, { minLength: 1, maxLength: 6 }), async (list) => {
      for (const { route, name, version, query, body } of list) {
        if (!world.engine.containers.byName("c0"))
          await ask(
            world,
            "POST",
            "/containers/create?name=c0",
            utf8('{"Image":"busybox","Cmd":["sleep","1"]}'),
          );
        const path = route.path.replace(/\{[^}]*\}/, name);
        const search = query.map(([key, value]) => `${key}=${encodeURIComponent(value)}`).join("&");
        const target = `${version}${path}?${search}`;
        const answer = await ask(world, route.method, target, body);
        const what = `${route.method} ${target} ${body && new TextDecoder().decode(body)}: ${answer.body.slice(0, 500)}`;
        expect(answer.status, what).toBeGreaterThanOrEqual(100);
        if (answer.status < 400 || route.method === "HEAD") continue;
        const { message } = JSON.parse(answer.body) as { message: string };
        expect(message, what).not.toMatch(internal);
        if (answer.status === 500) expect(message, what).toMatch(alsoDockers500);
        expect(typeof message, what).toBe("string");
        expect(message, what).not.toBe("");
      }
      expectInvariants(world);
    }),
    { seed, numRuns: 250, interruptAfterTimeLimit: 12_000, endOnFailure: true },
  );
});

/** What only a mistake in the engine says. */
const internal =
  /is not a function|undefined|Cannot read|is not iterable|not assignable|RangeError|Invalid|call stack|BigInt|toISOString/;

/** Where Docker itself answers 500 to what is the client's mistake (compared with Engine 28.5.2). */
const alsoDockers500 =
  /^(strconv\.|Cannot locate specified Dockerfile|unexpected EOF|Get "|invalid reference format|error during connect|dial tcp)/;
