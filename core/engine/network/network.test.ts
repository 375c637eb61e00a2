import { expect, test } from "vitest";
import { testEngine } from "../engine.testing.ts";

test("the default networks are there", async () => {
  const { ask } = await testEngine();
  const { body } = await ask("GET", "/networks");
  expect(body.map(({ Name, Driver, Scope }: Record<string, string>) => [Name, Driver, Scope])).toEqual([
    ["none", "null", "local"],
    ["host", "host", "local"],
    ["bridge", "bridge", "local"],
  ]);
});

test("addresses are drawn in order, given back and drawn again", async () => {
  const { ask, run } = await testEngine();
  const address = async (name: string) =>
    (await ask("GET", `/containers/${name}/json`)).body.NetworkSettings.IPAddress;
  await run("one", { Cmd: ["sleep", "600"] });
  await run("two", { Cmd: ["sleep", "600"] });
  expect([await address("one"), await address("two")]).toEqual(["172.17.0.2", "172.17.0.3"]);
  await ask("DELETE", "/containers/one?force=1");
  await run("three", { Cmd: ["sleep", "600"] });
  expect(await address("three")).toBe("172.17.0.2");
});

test("a network of one's own: connect, names, disconnect, remove", async () => {
  const { ask, run, engine, network } = await testEngine();
  const { body } = await ask("POST", "/networks/create", { Name: "shop" });
  const web = await run("web", { Cmd: ["sleep", "600"], HostConfig: { NetworkMode: "shop" } });
  const db = await run("db", {
    Cmd: ["sleep", "600"],
    HostConfig: { NetworkMode: "shop" },
    NetworkingConfig: { EndpointsConfig: { shop: { Aliases: ["database"] } } },
  });
  const sandbox = engine.containers.resolve("web").record.sandboxId;
  const resolve = (name: string) => engine.resolver.resolve(sandbox, name, 4);
  expect(["db", "database", "DB.shop", db.slice(0, 12), "web", "nosuch"].map(resolve)).toEqual([
    ["172.18.0.3"],
    ["172.18.0.3"],
    ["172.18.0.3"],
    ["172.18.0.3"],
    ["172.18.0.2"],
    undefined,
  ]);
  expect(engine.resolver.reverse(sandbox, "172.18.0.3")).toBe("db.shop");
  expect((await ask("DELETE", "/networks/shop")).body.message).toMatch(
    /^error while removing network: network shop has active endpoints \(name:"web" id:"[0-9a-f]{12}", name:"db" id:"[0-9a-f]{12}"\)$/,
  );
  expect((await ask("POST", "/networks/bridge/connect", { Container: "web" })).status).toBe(200);
  expect(Object.keys((await ask("GET", "/containers/web/json")).body.NetworkSettings.Networks)).toEqual([
    "bridge",
    "shop",
  ]);
  expect((await ask("POST", "/networks/shop/disconnect", { Container: "web" })).status).toBe(200);
  await ask("DELETE", "/containers/db?force=1");
  expect((await ask("DELETE", `/networks/${body.Id}`)).status).toBe(204);
  expect(network.log).toEqual([
    "create bridge",
    "create shop",
    "join shop 172.18.0.2/16",
    "join shop 172.18.0.3/16",
    "join bridge 172.17.0.2/16",
    "leave shop 172.18.0.2/16",
    "leave shop 172.18.0.3/16",
    "delete shop",
  ]);
  expect(web).toHaveLength(64);
});

test.each([
  [{ Name: "" }, 400, "invalid name: name is empty"],
  [{ Name: "bridge" }, 403, "operation is not permitted on predefined bridge network "],
  [{ Name: "nn", Driver: "host" }, 403, 'only one instance of "host" network is allowed'],
  [
    { Name: "nn", IPAM: { Config: [{ Subnet: "10.78.0.5/24" }] } },
    400,
    "invalid network config:\ninvalid subnet 10.78.0.5/24: it should be 10.78.0.0/24",
  ],
  [
    { Name: "nn", IPAM: { Config: [{ Subnet: "10.79.0.0/24", Gateway: "10.80.0.1" }] } },
    400,
    "invalid network config:\ninvalid gateway 10.80.0.1: parent subnet 10.79.0.0/24 doesn't contain this address",
  ],
  [
    { Name: "nn", IPAM: { Config: [{ Subnet: "172.17.0.0/24" }] } },
    403,
    "invalid pool request: Pool overlaps with other one on this address space",
  ],
])("%j is refused", async (request, status, message) => {
  const { ask, engine } = await testEngine();
  expect(await ask("POST", "/networks/create", request)).toMatchObject({ status, body: { message } });
  expect(engine.networks.all()).toHaveLength(3);
});

test("a port is published once", async () => {
  const { ask, run } = await testEngine();
  const publish = {
    ExposedPorts: { "80/tcp": {} },
    HostConfig: { PortBindings: { "80/tcp": [{ HostIp: "127.0.0.1", HostPort: "18080" }] } },
  };
  await run("web", { Cmd: ["sleep", "600"], ...publish });
  await expect(run("second", { Cmd: ["sleep", "600"], ...publish })).rejects.toThrow(
    /^failed to set up container networking: driver failed programming external connectivity on endpoint second \([0-9a-f]{64}\): Bind for 127\.0\.0\.1:18080 failed: port is already allocated$/,
  );
  expect((await ask("GET", "/containers/second/json")).body.State).toMatchObject({
    Status: "created",
    ExitCode: 128,
  });
  await ask("POST", "/containers/web/stop");
  expect((await ask("POST", "/containers/second/start")).status).toBe(204);
});
