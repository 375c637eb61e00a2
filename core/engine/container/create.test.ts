import { expect, test } from "vitest";
import { testEngine } from "../engine.testing.ts";

async function refusal(request: Record<string, unknown>): Promise<[number, string]> {
  const { ask, engine } = await testEngine();
  const { status, body } = await ask("POST", "/containers/create?name=xx", { Image: "busybox", ...request });
  // What is refused leaves nothing: no container, no name, no volume, no layer.
  expect([
    engine.containers.size,
    engine.volumes.all().length,
    [...engine.snapshotter.keys()].length,
  ]).toEqual([0, 0, 1]);
  expect((await ask("POST", "/containers/create?name=xx", { Image: "busybox" })).status).toBe(201);
  return [status, body.message];
}

const host = (HostConfig: Record<string, unknown>) => refusal({ HostConfig });

test.each([
  [{ Image: "nosuch" }, 404, "No such image: nosuch:latest"],
  [{ Image: "" }, 400, "no command specified"],
  [{ WorkingDir: "rel" }, 400, "the working directory 'rel' is invalid, it needs to be an absolute path"],
  [{ StopSignal: "NOPE" }, 400, "invalid signal: NOPE"],
  [{ Env: ["=x"] }, 400, "invalid environment variable: =x"],
  [{ Healthcheck: { Interval: 1 } }, 400, "Interval in Healthcheck cannot be less than 1ms"],
  [{ Entrypoint: [""], Cmd: [] }, 400, "no command specified"],
  [{ MacAddress: "zz" }, 400, "invalid config for network bridge: invalid MAC address zz"],
])("%j is refused", async (request, status, message) => {
  expect(await refusal(request)).toEqual([status, message]);
});

test.each([
  [{ Memory: 1024 }, "Minimum memory limit allowed is 6MB"],
  [
    { MemorySwap: 100_000_000 },
    "You should always set the Memory limit when using Memoryswap limit, see usage",
  ],
  [{ NanoCpus: 1e12 }, "range of CPUs is from 0.01 to 2.00, as there are only 2 CPUs available"],
  [{ CpusetCpus: "0-9" }, "Requested CPUs are not available - requested 0-9, available: 0-1"],
  [{ CpusetMems: "x" }, "Invalid value x for cpuset mems: invalid format: x"],
  [
    { RestartPolicy: { Name: "bogus" } },
    "invalid restart policy: unknown policy 'bogus'; use one of 'no', 'always', 'on-failure', or 'unless-stopped'",
  ],
  [
    { AutoRemove: true, RestartPolicy: { Name: "always" } },
    "can't create 'AutoRemove' container with restart policy",
  ],
  [{ CapAdd: ["nope"] }, 'invalid CapAdd: unknown capability: "CAP_NOPE"'],
  [{ ExtraHosts: ["a:b"] }, 'invalid IP address in add-host: "b"'],
  [{ PortBindings: { bad: [] } }, 'invalid port specification: "bad"'],
  [{ Runtime: "nope" }, "unknown or invalid runtime name: nope"],
  [{ IpcMode: "zz" }, "invalid IPC mode: zz"],
  [{ Binds: ["/tmp:/x", "/var:/x"] }, "Duplicate mount point: /x"],
  [{ VolumesFrom: ["nosuch"] }, "No such container: nosuch"],
  [{ Links: ["nosuch:x"] }, "could not get container for nosuch: No such container: nosuch"],
  [
    { Mounts: [{ Type: "bind", Source: "/nosuch", Target: "/x" }] },
    'invalid mount config for type "bind": bind source path does not exist: /nosuch',
  ],
  [{ Mounts: [{ Type: "nope", Target: "/x" }] }, 'invalid mount config for type "nope": mount type unknown'],
  [
    { Binds: ["relative/path:/x"] },
    'create relative/path: "relative/path" includes invalid characters for a local volume name, only "[a-zA-Z0-9][a-zA-Z0-9_.-]" are allowed. If you intended to pass a host directory, use absolute path',
  ],
  [
    { NetworkMode: "container:x", PublishAllPorts: true },
    "conflicting options: port publishing and the container type network mode",
  ],
  [
    { LogConfig: { Type: "json-file", Config: { bad: "x" } } },
    "unknown log opt 'bad' for json-file log driver",
  ],
])("HostConfig %j is refused", async (config, message) => {
  expect(await host(config)).toEqual([400, message]);
});

test.each([
  [{ Binds: ["/tmp:/x:zz"] }, "invalid mode: zz"],
  [{ Binds: [":/x"] }, "invalid volume specification: ':/x'"],
  [
    { Binds: ["aa:b"] },
    "invalid volume specification: 'aa:b': invalid mount config for type \"volume\": invalid mount path: 'b' mount path must be absolute",
  ],
  [{ SecurityOpt: ["zz=1"] }, 'invalid --security-opt 2: "zz=1"'],
])("HostConfig %j is refused as Docker refuses it, with status 500", async (config, message) => {
  expect(await host(config)).toEqual([500, message]);
});

test("a name is taken once", async () => {
  const { ask } = await testEngine();
  const { body } = await ask("POST", "/containers/create?name=one", { Image: "busybox" });
  expect(await ask("POST", "/containers/create?name=one", { Image: "busybox" })).toMatchObject({
    status: 409,
    body: {
      message: `Conflict. The container name "/one" is already in use by container "${body.Id}". You have to remove (or rename) that container to be able to reuse that name.`,
    },
  });
  expect((await ask("POST", "/containers/create?name=x!", { Image: "busybox" })).body.message).toBe(
    "Invalid container name (x!), only [a-zA-Z0-9][a-zA-Z0-9_.-] are allowed",
  );
});

test("a new volume is filled with what the image has there, and goes with rm -v", async () => {
  const { ask, engine } = await testEngine();
  const { body } = await ask("POST", "/containers/create?name=data", {
    Image: "busybox",
    Volumes: { "/etc": {} },
  });
  const { Mounts } = (await ask("GET", `/containers/${body.Id}/json`)).body;
  expect(Mounts).toEqual([
    {
      Type: "volume",
      Name: expect.stringMatching(/^[0-9a-f]{64}$/),
      Source: `/var/lib/docker/volumes/${Mounts[0].Name}/_data`,
      Destination: "/etc",
      Driver: "local",
      Mode: "",
      RW: true,
      Propagation: "",
    },
  ]);
  const volume = await engine.volumeDriver.open(Mounts[0].Name);
  expect(await volume.readdir("/")).toContain("passwd");
  expect((await ask("DELETE", `/volumes/${Mounts[0].Name}`)).body.message).toBe(
    `remove ${Mounts[0].Name}: volume is in use - [${body.Id}]`,
  );
  await ask("DELETE", "/containers/data?v=1");
  expect(engine.volumes.all()).toEqual([]);
});
