import { expect, test } from "vitest";
import { forbidden } from "../errors/errors.ts";
import { readAll, text, utf8 } from "../platform/bytes.ts";
import { Cancellation } from "../platform/cancellation.ts";
import { testEngine } from "../engine/engine.testing.ts";
import { decodeFrames } from "./stdcopy.ts";

test("versions are checked as Docker checks them", async () => {
  const { ask } = await testEngine();
  expect(await ask("GET", "/v1.99/info")).toMatchObject({
    status: 400,
    body: { message: "client version 1.99 is too new. Maximum supported API version is 1.51" },
  });
  expect(await ask("GET", "/v1.12/containers/json")).toMatchObject({
    status: 400,
    headers: { "content-type": "text/plain; charset=utf-8", "x-content-type-options": "nosniff" },
    body: "client version 1.12 is too old. Minimum supported API version is 1.24, please upgrade your client to a newer version\n",
  });
  expect((await ask("GET", "/v1.24/containers/json")).status).toBe(200);
});

test("what is not there is not found, without Docker's headers", async () => {
  const { ask } = await testEngine();
  for (const [method, path] of [
    ["GET", "/nosuch"],
    ["POST", "/v1.51/containers/json"],
    ["DELETE", "/version"],
  ] as const)
    expect(await ask(method, path)).toEqual({
      status: 404,
      body: { message: "page not found" },
      headers: { "content-type": "application/json", "content-length": "29" },
    });
});

test("_ping says who answers", async () => {
  const { ask } = await testEngine();
  expect(await ask("GET", "/_ping")).toEqual({
    status: 200,
    body: "OK",
    headers: {
      "api-version": "1.51",
      "builder-version": "2",
      "cache-control": "no-cache, no-store, must-revalidate",
      "content-length": "2",
      "content-type": "text/plain; charset=utf-8",
      "docker-experimental": "false",
      ostype: "linux",
      pragma: "no-cache",
      server: "Docker/28.5.2 (linux)",
      swarm: "inactive",
    },
  });
});

test("bodies are read as Go reads them", async () => {
  const { ask } = await testEngine();
  const create = async (body: string) => (await ask("POST", "/containers/create", body)).body.message;
  expect(await create("{bad")).toBe(
    "invalid JSON: invalid character 'b' looking for beginning of object key string",
  );
  expect(await create('{"a" 1}')).toBe("invalid JSON: invalid character '1' after object key");
  expect(await create('{"a":1 "b"}')).toBe(
    "invalid JSON: invalid character '\"' after object key:value pair",
  );
  expect(await create('{"a":tru}')).toBe(
    "invalid JSON: invalid character '}' in literal true (expecting 'e')",
  );
  expect(await create('{"a":"\\x"}')).toBe("invalid JSON: invalid escape sequence `\\x` in string");
  expect(await create('{"Image":"a')).toBe("invalid JSON: unexpected EOF");
  expect(await create("{} {}")).toBe("unexpected content after JSON");
  expect(await create("{}")).toBe("config cannot be empty in order to create a container");
  expect(await create('{"Image":3}')).toBe(
    "invalid JSON: json: cannot unmarshal number into Go struct field .Image of type string",
  );
  expect(await create('{"Env":[1]}')).toBe(
    "invalid JSON: json: cannot unmarshal number into .Env.0 of type string",
  );
  expect(await create('{"HostConfig":{"Memory":1.5}}')).toBe(
    "invalid JSON: json: cannot unmarshal number 1.5 into Go struct field .HostConfig.Memory of type int64",
  );
  expect(await create('{"HostConfig":{"PortBindings":{"80/tcp":[{"HostPort":80}]}}}')).toBe(
    "invalid JSON: json: cannot unmarshal number into Go struct field .HostConfig.PortBindings.80~1tcp.0.HostPort of type string",
  );
  expect(await create("[]")).toBe(
    "invalid JSON: json: cannot unmarshal array into Go value of type container.CreateRequest",
  );
  expect((await ask("POST", "/networks/create", '{"name":4}')).body.message).toBe(
    "invalid JSON: json: cannot unmarshal number into Go struct field CreateRequest.Name of type string",
  );
});

test("a body of another type is refused", async () => {
  const { api } = await testEngine();
  const response = await api({
    method: "POST",
    target: "/containers/create",
    headers: { "content-type": "text/plain", "content-length": "2" },
    body: { read: async () => null, cancel: () => {} },
    cancellation: new Cancellation(),
  });
  expect(JSON.parse(text(await readAll(response.body)))).toEqual({
    message: "unsupported Content-Type header (text/plain): must be 'application/json'",
  });
});

test("filters come in two forms and are checked", async () => {
  const { ask, run } = await testEngine();
  await run("one", { Cmd: ["sleep", "600"], Labels: { tier: "web" } });
  const names = async (filters: unknown) => {
    const { body } = await ask(
      "GET",
      `/containers/json?filters=${encodeURIComponent(JSON.stringify(filters))}`,
    );
    return Array.isArray(body) ? body.map(({ Names }) => Names[0]) : body.message;
  };
  expect(await names({ label: ["tier=web"] })).toEqual(["/one"]);
  expect(await names({ label: { "tier=db": true } })).toEqual([]);
  expect(await names({ bad: ["1"] })).toBe("invalid filter 'bad'");
  expect(await names("bad")).toBe("invalid filter");
  expect(await names({ status: ["bad"] })).toBe(
    "invalid filter 'status=bad': invalid value for state (bad): must be one of created, running, paused, restarting, removing, exited, dead",
  );
});

test("the one hook decides over every path", async () => {
  const asked: string[] = [];
  const { ask } = await testEngine({
    authorize: ({ request }, route) => {
      asked.push(route.path);
      if (request.method !== "GET") throw forbidden("you may only look");
    },
  });
  expect((await ask("GET", "/_drydock/layers")).status).toBe(200);
  expect(await ask("POST", "/containers/prune")).toMatchObject({
    status: 403,
    body: { message: "you may only look" },
  });
  expect(asked).toEqual(["/_drydock/layers", "/containers/prune"]);
});

test("attach is an upgraded connection whose output is in frames", async () => {
  const { api, ask } = await testEngine();
  await ask("POST", "/containers/create?name=talk", {
    Image: "busybox",
    Cmd: ["cat"],
    OpenStdin: true,
    StdinOnce: true,
  });
  const response = await api({
    method: "POST",
    target: "/v1.51/containers/talk/attach?stream=1&stdin=1&stdout=1&stderr=1",
    headers: { upgrade: "tcp", connection: "Upgrade" },
    body: null,
    cancellation: new Cancellation(),
  });
  expect({ status: response.status, headers: response.headers }).toMatchObject({
    status: 101,
    headers: {
      "content-type": "application/vnd.docker.multiplexed-stream",
      connection: "Upgrade",
      upgrade: "tcp",
    },
  });
  const { source, sink } = response.connection!;
  await ask("POST", "/containers/talk/start");
  await sink.write(utf8("hello\n"));
  sink.close();
  const out: string[] = [];
  await decodeFrames(source, { stdout: { write: async (bytes) => void out.push(text(bytes)) } });
  expect(out.join("")).toBe("hello\n");
  expect((await ask("POST", "/containers/talk/wait")).body).toEqual({ StatusCode: 0 });
});

test("a stream ends when its client goes", async () => {
  const { api, engine } = await testEngine();
  const cancellation = new Cancellation();
  const response = await api({ method: "GET", target: "/events", headers: {}, body: null, cancellation });
  expect(engine.events.listeners).toBe(1);
  cancellation.cancel();
  expect(await response.body.read()).toBeNull();
  expect(engine.events.listeners).toBe(0);
});
