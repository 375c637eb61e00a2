import { expect, test } from "vitest";
import { testEngine } from "../engine.testing.ts";
import { decodeFrames, encodeFrame } from "../../api/stdcopy.ts";
import { readAll, sourceOf, text, utf8 } from "../../platform/bytes.ts";
import { Cancellation } from "../../platform/cancellation.ts";
import { DetachKeys, parseDetachKeys } from "./detach-keys.ts";

test("logs keep both streams apart, in order, and count tails over both", async () => {
  const { api, ask, run, runtime } = await testEngine();
  runtime.programs.talk = async ({ print }) => {
    await print("out 1\nout 2\n");
    await print("err 1\n", "stderr");
    await print("no end");
    return 0;
  };
  const id = await run("talk", { Cmd: ["talk"] });
  await ask("POST", `/containers/${id}/wait`);
  const logs = async (query: string) => {
    const response = await api({
      method: "GET",
      target: `/containers/talk/logs?stdout=1&stderr=1&${query}`,
      headers: {},
      body: null,
      cancellation: new Cancellation(),
    });
    const seen: string[] = [];
    await decodeFrames(response.body, {
      stdout: { write: async (bytes) => void seen.push(`1${text(bytes)}`) },
      stderr: { write: async (bytes) => void seen.push(`2${text(bytes)}`) },
    });
    return seen;
  };
  expect(await logs("")).toEqual(["1out 1\n", "1out 2\n", "2err 1\n", "1no end"]);
  expect(await logs("tail=2")).toEqual(["2err 1\n", "1no end"]);
  expect(await logs("tail=0")).toEqual([]);
  expect(await logs("follow=1&tail=1")).toEqual(["1no end"]);
  expect(await logs("until=1")).toEqual([]);
  expect(await logs("since=4000000000")).toEqual([]);
  expect((await logs("timestamps=1&tail=1"))[0]).toMatch(/^1\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{9}Z no end$/);
});

test("exec runs beside the container's process; its end can be asked for", async () => {
  const { api, ask, run } = await testEngine();
  await run("box", { Cmd: ["sleep", "600"] });
  const exec = async (Cmd: string[]) => {
    const { body } = await ask("POST", "/containers/box/exec", {
      Cmd,
      AttachStdout: true,
      AttachStderr: true,
    });
    const start = utf8("{}");
    const response = await api({
      method: "POST",
      target: `/exec/${body.Id}/start`,
      headers: { "content-type": "application/json", "content-length": "2", upgrade: "tcp" },
      body: sourceOf(start),
      cancellation: new Cancellation(),
    });
    const output = await readAll(response.connection!.source);
    return { output, inspected: (await ask("GET", `/exec/${body.Id}/json`)).body };
  };
  const echo = await exec(["echo", "hi"]);
  expect(echo.output).toEqual(encodeFrame("stdout", utf8("hi\n")));
  expect(echo.inspected).toMatchObject({
    Running: false,
    ExitCode: 0,
    ProcessConfig: { entrypoint: "echo", arguments: ["hi"] },
  });
  const none = await exec(["nosuch"]);
  const message =
    'OCI runtime exec failed: exec failed: unable to start container process: exec: "nosuch": executable file not found in $PATH';
  expect(none.output).toEqual(encodeFrame("stdout", utf8(`${message}\r\n`)));
  expect(none.inspected.ExitCode).toBe(127);
});

test("detach keys are held back until it is clear that they are not meant", () => {
  const keys = new DetachKeys(parseDetachKeys("ctrl-p,ctrl-q"));
  expect(keys.filter(Uint8Array.of(97, 16))).toEqual({ pass: Uint8Array.of(97), detached: false });
  expect(keys.filter(Uint8Array.of(98))).toEqual({ pass: Uint8Array.of(16, 98), detached: false });
  expect(keys.filter(Uint8Array.of(16, 16, 17))).toEqual({ pass: Uint8Array.of(16), detached: true });
  expect(() => parseDetachKeys("ctrl-pp")).toThrow("Invalid detach keys (ctrl-pp) provided");
});
