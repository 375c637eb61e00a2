import { expect, test } from "vitest";
import { testEngine } from "../engine.testing.ts";

const gone = /^[0-9a-f]{64}$/;

test("a container is created, started, stopped, started again and removed", async () => {
  const { ask, runtime } = await testEngine();
  const created = await ask("POST", "/v1.51/containers/create?name=web", {
    Image: "busybox",
    Cmd: ["sleep", "600"],
  });
  expect(created).toMatchObject({ status: 201, body: { Id: expect.stringMatching(gone), Warnings: [] } });
  const state = async () => (await ask("GET", "/containers/web/json")).body.State;
  expect(await state()).toMatchObject({ Status: "created", Running: false, ExitCode: 0 });
  expect((await ask("POST", "/containers/web/start")).status).toBe(204);
  expect((await ask("POST", "/containers/web/start")).status).toBe(304);
  expect(await state()).toMatchObject({ Status: "running", Running: true, Pid: 100 });
  expect((await ask("DELETE", "/containers/web")).body).toEqual({
    message:
      'cannot remove container "web": container is running: stop the container before removing or force remove',
  });
  expect((await ask("POST", "/containers/web/stop")).status).toBe(204);
  expect((await ask("POST", "/containers/web/stop")).status).toBe(304);
  expect(runtime.signals).toEqual(["SIGTERM"]);
  expect(await state()).toMatchObject({ Status: "exited", Running: false, ExitCode: 143, Pid: 0 });
  expect((await ask("POST", "/containers/web/start")).status).toBe(204);
  expect((await ask("DELETE", "/containers/web?force=1")).status).toBe(204);
  expect(await ask("GET", "/containers/web/json")).toMatchObject({
    status: 404,
    body: { message: "No such container: web" },
  });
});

test("a process that ignores the stop signal is killed after the timeout", async () => {
  const { ask, run, runtime } = await testEngine();
  runtime.diesOfTerm = false;
  await run("deaf", { Cmd: ["sleep", "600"] });
  expect((await ask("POST", "/containers/deaf/stop?t=2")).status).toBe(204);
  expect(runtime.signals).toEqual(["SIGTERM", "SIGKILL"]);
  expect((await ask("GET", "/containers/deaf/json")).body.State.ExitCode).toBe(137);
});

test("what cannot be started says why and leaves its status", async () => {
  const { ask } = await testEngine();
  await ask("POST", "/containers/create?name=bad", { Image: "busybox", Cmd: ["nosuch"] });
  const message =
    'failed to create task for container: failed to create shim task: OCI runtime create failed: runc create failed: unable to start container process: error during container init: exec: "nosuch": executable file not found in $PATH';
  expect(await ask("POST", "/containers/bad/start")).toMatchObject({ status: 400, body: { message } });
  expect((await ask("GET", "/containers/bad/json")).body.State).toEqual({
    Status: "created",
    Running: false,
    Paused: false,
    Restarting: false,
    OOMKilled: false,
    Dead: false,
    Pid: 0,
    ExitCode: 127,
    Error: message,
    StartedAt: "0001-01-01T00:00:00Z",
    FinishedAt: "0001-01-01T00:00:00Z",
  });
});

test("events tell the story of docker run --rm", async () => {
  const { ask, run, engine } = await testEngine();
  const id = await run("once", { Cmd: ["true"], HostConfig: { AutoRemove: true }, Labels: { a: "b" } });
  expect((await ask("POST", `/containers/${id}/wait?condition=removed`)).body).toEqual({ StatusCode: 0 });
  const events = engine.events.between(0n).filter(({ type }) => type === "container" || type === "network");
  expect(events.map(({ type, action, attributes }) => [type, action, attributes])).toEqual([
    ["container", "create", { a: "b", image: "busybox", name: "once" }],
    ["network", "connect", { container: id, name: "bridge", type: "bridge" }],
    ["container", "start", { a: "b", image: "busybox", name: "once" }],
    ["network", "disconnect", { container: id, name: "bridge", type: "bridge" }],
    ["container", "die", { a: "b", execDuration: "0", exitCode: "0", image: "busybox", name: "once" }],
    ["container", "destroy", { a: "b", image: "busybox", name: "once" }],
  ]);
});

test("on-failure restarts until its count is used up", async () => {
  const { ask, run, engine, clock } = await testEngine();
  await run("flaky", {
    Cmd: ["false"],
    HostConfig: { RestartPolicy: { Name: "on-failure", MaximumRetryCount: 2 } },
  });
  await clock.sleep(5000);
  const { State, RestartCount } = (await ask("GET", "/containers/flaky/json")).body;
  expect({ RestartCount, status: State.Status, code: State.ExitCode }).toEqual({
    RestartCount: 2,
    status: "exited",
    code: 1,
  });
  expect(engine.events.between(0n).filter(({ action }) => action === "die")).toHaveLength(3);
});

test("after a reboot containers run again where their policy says so", async () => {
  const first = await testEngine();
  await first.run("always", { Cmd: ["sleep", "600"], HostConfig: { RestartPolicy: { Name: "always" } } });
  await first.run("never", { Cmd: ["sleep", "600"] });
  const second = await first.reboot();
  const list = (await second.ask("GET", "/containers/json?all=1")).body as {
    Names: string[];
    State: string;
  }[];
  expect(list.map(({ Names, State }) => [Names[0], State])).toEqual([
    ["/never", "exited"],
    ["/always", "running"],
  ]);
});
