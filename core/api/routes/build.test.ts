import { beforeEach, expect, test } from "vitest";
import { contentSource } from "../../archive/collect.ts";
import { TarBuilder } from "../../archive/write.ts";
import { testEngine, type TestEngine } from "../../engine/engine.testing.ts";
import { bytesContent, contentBytes } from "../../files/content.ts";
import { readAll, sourceOf, text, utf8 } from "../../platform/bytes.ts";
import { Cancellation } from "../../platform/cancellation.ts";
import { portableCodecs } from "../../platform/portable-codecs.ts";

let engine: TestEngine;
beforeEach(async () => {
  engine = await testEngine();
});

function archiveOf(files: Record<string, string>) {
  const archive = new TarBuilder();
  for (const [name, content] of Object.entries(files))
    archive.add({ name, kind: "file", mode: 0o644, content: bytesContent(utf8(content)) });
  return archive.finish();
}

async function post(files: Record<string, string>, query = "", cancellation = new Cancellation()) {
  const response = await engine.api({
    method: "POST",
    target: `/v1.51/build?${query}`,
    headers: { "content-type": "application/x-tar" },
    body: contentSource(archiveOf(files)),
    cancellation,
  });
  const body = text(await readAll(response.body));
  return {
    status: response.status,
    body: body.replace(/\b[0-9a-f]{64}\b/g, "<id>").replace(/\b[0-9a-f]{12}\b/g, "<short>"),
  };
}

test("the stream of a build, message by message", async () => {
  const { status, body } = await post(
    { Dockerfile: 'FROM busybox\nRUN ["echo", "out"]\nCOPY f /f\nRUN ["warn", "err"]\n', f: "f" },
    "t=app",
  );
  expect(status).toBe(200);
  expect(body).toBe(
    [
      '{"stream":"Step 1/4 : FROM busybox"}',
      '{"stream":"\\n"}',
      '{"stream":" ---\\u003e <short>\\n"}',
      '{"stream":"Step 2/4 : RUN [\\"echo\\", \\"out\\"]"}',
      '{"stream":"\\n"}',
      '{"stream":" ---\\u003e Running in <short>\\n"}',
      '{"stream":"out\\n"}',
      '{"stream":" ---\\u003e Removed intermediate container <short>\\n"}',
      '{"stream":" ---\\u003e <short>\\n"}',
      '{"stream":"Step 3/4 : COPY f /f"}',
      '{"stream":"\\n"}',
      '{"stream":" ---\\u003e <short>\\n"}',
      '{"stream":"Step 4/4 : RUN [\\"warn\\", \\"err\\"]"}',
      '{"stream":"\\n"}',
      '{"stream":" ---\\u003e Running in <short>\\n"}',
      '{"stream":"\\u001b[91merr\\n\\u001b[0m"}',
      '{"stream":" ---\\u003e Removed intermediate container <short>\\n"}',
      '{"stream":" ---\\u003e <short>\\n"}',
      '{"aux":{"ID":"sha256:<id>"}}',
      '{"stream":"Successfully built <short>\\n"}',
      '{"stream":"Successfully tagged app:latest\\n"}',
      "",
    ].join("\r\n"),
  );
  const { containers } = engine.engine;
  expect(containers.size).toBe(0);
  const image = engine.engine.images.resolve("app");
  expect(image.config.history!.at(-2)!.created_by).toMatch(
    /^\/bin\/sh -c #\(nop\) COPY file:[0-9a-f]{64} in \/f $/,
  );
  expect(engine.engine.images.resolve(image.parent).children).toEqual(new Set([image.id]));
});

test("again from the cache, quietly, from a compressed context", async () => {
  const files = { Dockerfile: 'FROM busybox\nRUN ["echo", "out"]\nENV A=1\n' };
  await post(files, "t=app");
  const { id } = engine.engine.images.resolve("app");
  const gzipped = portableCodecs.gzip(contentBytes(archiveOf(files)));
  const response = await engine.api({
    method: "POST",
    target: "/v1.51/build?q=1",
    headers: {},
    body: sourceOf(gzipped),
    cancellation: new Cancellation(),
  });
  expect(text(await readAll(response.body))).toBe(`{"stream":"${id}\\n"}\r\n`);
  expect((await post(files, "t=app&nocache=1")).body).not.toContain("Using cache");
  expect(engine.engine.images.resolve("app").id).not.toBe(id);
  expect(engine.engine.images.tags(id)).toEqual([]);
});

test("a step that fails ends the stream with an error", async () => {
  const { status, body } = await post({ Dockerfile: 'FROM busybox\nRUN ["exit", "3"]\n' });
  expect(status).toBe(200);
  const message = "The command 'exit 3' returned a non-zero code: 3";
  expect(body.split("\r\n").at(-2)).toBe(
    `{"errorDetail":{"code":3,"message":"${message}"},"error":"${message}"}`,
  );
  expect(engine.engine.containers.size).toBe(1);
});

test("a program that is not there", async () => {
  const { body } = await post({ Dockerfile: 'FROM busybox\nRUN ["nosuch"]\n' }, "forcerm=1");
  expect(JSON.parse(body.split("\r\n").at(-2)!)).toMatchObject({
    error: expect.stringContaining('exec: "nosuch": executable file not found in $PATH') as string,
  });
  expect(engine.engine.containers.size).toBe(0);
});

test.each([
  [
    { Dockerfile: "FROM busybox\nNOSUCH x\n" },
    "",
    400,
    "dockerfile parse error on line 2: unknown instruction: NOSUCH",
  ],
  [{ Dockerfile: "" }, "", 400, "the Dockerfile (Dockerfile) cannot be empty"],
  [{ f: "" }, "", 500, "Cannot locate specified Dockerfile: Dockerfile"],
  [{ Dockerfile: "FROM busybox" }, "target=nope", 400, 'target stage "nope" could not be found'],
  [{ Dockerfile: "FROM busybox" }, "squash=1", 400, "squash is only supported with experimental mode"],
  [{ Dockerfile: "FROM busybox" }, "version=3", 400, 'invalid version "3"'],
  [{ Dockerfile: "FROM busybox" }, "securityopt=x", 400, "security options are not supported on linux"],
  [
    { Dockerfile: "FROM busybox" },
    "buildargs=x",
    400,
    "error reading build args: invalid character 'x' looking for beginning of value",
  ],
  [{ Dockerfile: "FROM busybox" }, "remote=foo", 500, "remoteURL (foo) could not be recognized as URL"],
  [
    { Dockerfile: "FROM busybox" },
    "t=BAD%20NAME",
    500,
    "invalid reference format: repository name (library/BAD NAME) must be lowercase",
  ],
  [{ Dockerfile: "FROM busybox" }, "shmsize=x", 500, 'strconv.ParseInt: parsing "x": invalid syntax'],
])("%j with %s is refused", async (files, query, status, message) => {
  expect(await post(files as Record<string, string>, query)).toEqual({
    status,
    body: `${JSON.stringify({ message })}\n`,
  });
});

test("a build ends when its client goes", async () => {
  const cancellation = new Cancellation();
  const building = post({ Dockerfile: 'FROM busybox\nRUN ["sleep", "100000"]\n' }, "", cancellation);
  while (engine.runtime.tasks.length === 0) await new Promise((resolve) => setImmediate(resolve));
  cancellation.cancel();
  await building;
  while (engine.engine.containers.size > 0) await new Promise((resolve) => setImmediate(resolve));
  expect([...engine.engine.containers.all()]).toEqual([]);
});

test("prune and cancel", async () => {
  const { body } = await engine.ask("POST", "/build/prune");
  expect(body).toEqual({ CachesDeleted: null, SpaceReclaimed: 0 });
  expect(await engine.ask("POST", "/build/cancel")).toMatchObject({
    status: 400,
    body: { message: "build ID not provided" },
  });
});

test("the steps of a build are a tree", async () => {
  await post({ Dockerfile: "FROM busybox\nCOPY f /f\nENV A=1\n", f: "f" });
  const steps = engine.engine.steps.since(0).filter(({ actor }) => actor !== "api");
  const depth = (step: (typeof steps)[number]): number => {
    const parent = steps.find(({ id }) => id === step.parent);
    return parent ? depth(parent) + 1 : 0;
  };
  expect(steps.map((step) => `${"  ".repeat(depth(step))}${step.actor}: ${step.what}`)).toEqual([
    "builder: build",
    "  storage: make writable layer",
    "  builder: build step",
    "    builder: cache miss",
    "    storage: make writable layer",
    "    storage: commit layer",
    "    builder: commit step",
    "    storage: remove layer",
    "  builder: build step",
    "    builder: cache miss",
    "    engine: container create",
    "      storage: make writable layer",
    "    storage: commit layer",
    "    builder: commit step",
    "  engine: container remove",
    "    storage: remove layer",
    "  storage: remove layer",
  ]);
});
