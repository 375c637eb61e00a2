import { expect, test } from "vitest";
import { docker } from "../cli.testing.ts";

const image = {
  Id: "sha256:5d4e19cb1136b74765b20367abb4c75402a1248f29a6ad134ed01efed1f358ea",
  RepoTags: ["busybox:latest", "localhost:5000/bb:1"],
  RepoDigests: ["localhost:5000/bb@sha256:5d4e19cb1136b74765b20367abb4c75402a1248f29a6ad134ed01efed1f358ea"],
  Created: 1795228200 - 7200,
  Size: 1984218,
  SharedSize: -1,
  Containers: -1,
  Labels: null,
};
const dangling = { ...image, RepoTags: [], RepoDigests: [] };
const answers = { "GET /images/json": () => [image, dangling] };

test("docker images: a line for each name", async () => {
  const { status, out, err, requests } = await docker(["images", "busybox"], { answers });
  expect({ status, err }).toEqual({ status: 0, err: "" });
  expect(out).toBe(`REPOSITORY          TAG       IMAGE ID       CREATED       SIZE
busybox             latest    5d4e19cb1136   2 hours ago   1.98MB
localhost:5000/bb   1         5d4e19cb1136   2 hours ago   1.98MB
<none>              <none>    5d4e19cb1136   2 hours ago   1.98MB
`);
  expect(requests.map(({ line }) => line)).toEqual([
    "HEAD /_ping",
    "GET /v1.50/images/json?filters=%7B%22reference%22%3A%7B%22busybox%22%3Atrue%7D%7D",
  ]);
});

test("docker images --digests, -q, --format", async () => {
  expect(
    (await docker(["images", "--digests", "--format", "{{.Repository}} {{.Digest}}"], { answers })).out,
  ).toBe(
    `busybox <none>\nlocalhost:5000/bb sha256:5d4e19cb1136b74765b20367abb4c75402a1248f29a6ad134ed01efed1f358ea\n<none> <none>\n`,
  );
  expect((await docker(["image", "ls", "-q"], { answers })).out).toBe(
    "5d4e19cb1136\n5d4e19cb1136\n5d4e19cb1136\n",
  );
  expect(
    (await docker(["images", "--format", "table {{.Tag}}\\t{{json .Repository}}"], { answers })).out,
  ).toBe(`TAG       REPOSITORY\nlatest    "busybox"\n1         "localhost:5000/bb"\n<none>    "<none>"\n`);
});

test("docker images --format json escapes what HTML could trip over", async () => {
  const { out } = await docker(["images", "--format", "json"], {
    answers: { "GET /images/json": () => [dangling] },
  });
  expect(out).toBe(
    `{"Containers":"N/A","CreatedAt":"2026-11-21 00:30:00 +0000 UTC","CreatedSince":"2 hours ago","Digest":"\\u003cnone\\u003e","ID":"5d4e19cb1136","Repository":"\\u003cnone\\u003e","SharedSize":"N/A","Size":"1.98MB","Tag":"\\u003cnone\\u003e","UniqueSize":"N/A","VirtualSize":"1.984MB"}\n`,
  );
});

test("a template that cannot be used prints nothing but its error", async () => {
  expect(await docker(["images", "--format", "{{.ID}} {{.Nope}}"], { answers })).toMatchObject({
    status: 1,
    out: "",
    err: `template parsing error: template: :1:10: executing "" at <.Nope>: can't evaluate field Nope in type *formatter.imageContext\n`,
  });
});

test("docker rmi tells what went and what failed", async () => {
  const { status, out, err, requests } = await docker(["rmi", "-f", "a", "b"], {
    answers: {
      "DELETE /images/a": () => [{ Untagged: "a:latest" }, { Deleted: "sha256:1" }],
      "DELETE /images/b": () => ({ status: 404, body: undefined }),
    },
  });
  expect(out).toBe("Untagged: a:latest\nDeleted: sha256:1\n");
  expect(status).toBe(0);
  expect(err).not.toBe("");
  expect(requests.map(({ line }) => line).slice(1)).toEqual([
    "DELETE /v1.50/images/a?force=1",
    "DELETE /v1.50/images/b?force=1",
  ]);
});

test("docker image inspect tries the typed image, then the JSON", async () => {
  const one = {
    "GET /images/x/json": () => ({
      Id: "sha256:1",
      RepoTags: ["x:1"],
      Config: { Cmd: ["sh"] },
      New: { Field: 1e3 },
    }),
  };
  const inspected = async (format: string) =>
    docker(["image", "inspect", "-f", format, "x"], { answers: one });
  expect((await inspected("{{.ID}} {{.Config.Cmd}} {{.Config.Env}} {{.Size}}")).out).toBe(
    "sha256:1 [sh] [] 0\n",
  );
  expect((await inspected("{{.Id}} {{.New.Field}}")).out).toBe("sha256:1 1000\n");
  expect(await inspected("{{.ID}} {{.Nope}}")).toMatchObject({
    status: 1,
    out: "\n",
    err: `template parsing error: template: :1:2: executing "" at <.ID>: map has no entry for key "ID"\n`,
  });
  expect(await inspected("{{.ID")).toMatchObject({
    status: 64,
    out: "",
    err: "template parsing error: template: :1: unclosed action\n",
  });
});

test("docker build - takes what is no archive for a Dockerfile", async () => {
  const { requests, out, err, status } = await docker(["build", "-t", "x", "--build-arg", "A=1", "-"], {
    stdin: "FROM scratch\n",
    env: { DOCKER_BUILDKIT: "0" },
    answers: { "POST /build": () => ({ stream: "Successfully built 1\n" }) },
  });
  const sent = requests.find(({ line }) => line.startsWith("POST"))!;
  expect(sent.line).toBe(
    "POST /v1.50/build?buildargs=%7B%22A%22%3A%221%22%7D&dockerfile=Dockerfile&t=x&version=1",
  );
  expect(sent.headers["x-registry-config"]).toBe("e30=");
  expect(sent.body.slice(0, 10)).toBe("Dockerfile");
  expect(sent.body.slice(512, 525)).toBe("FROM scratch\n");
  expect(out).toBe("Sending build context to Docker daemon  2.048kB\r\r\nSuccessfully built 1\n");
  expect({ status, err: err.split("\n", 1)[0] }).toEqual({
    status: 0,
    err: "DEPRECATED: The legacy builder is deprecated and will be removed in a future release.",
  });
});
