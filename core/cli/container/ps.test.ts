import { expect, test } from "vitest";
import { docker } from "../cli.testing.ts";

const containers = [
  {
    Id: "a4af83ff8e62b8cfcdcb3bae33bb6810a00a64ac101b247219d78ff8bb2f6ba5",
    Names: ["/other/db", "/web"],
    Image: "nginx:1.27@sha256:78ebdae603271a1b9237a2de57f06d812f4c2fca0ef941de2b0c85aae047559e",
    ImageID: "sha256:78ebdae603271a1b9237a2de57f06d812f4c2fca0ef941de2b0c85aae047559e",
    Command: "/docker-entrypoint.sh nginx -g 'daemon off;'",
    Created: 1_795_221_000,
    State: "running",
    Status: "Up 2 hours",
    Ports: [
      { IP: "0.0.0.0", PrivatePort: 80, PublicPort: 8080, Type: "tcp" },
      { IP: "::", PrivatePort: 80, PublicPort: 8080, Type: "tcp" },
      { PrivatePort: 9001, Type: "udp" },
      { PrivatePort: 9000, Type: "udp" },
    ],
    Labels: { b: "2", a: "1" },
    Mounts: [{ Name: "data", Source: "/var", Driver: "local" }],
    SizeRw: 1095,
    SizeRootFs: 4_260_000,
    NetworkSettings: { Networks: { bridge: {} } },
  },
];
const answers = { "GET /containers/json": () => containers };

test("prints a table", async () => {
  expect((await docker(["ps"], { answers })).out).toBe(
    [
      "CONTAINER ID   IMAGE        COMMAND                  CREATED       STATUS       PORTS                                                    NAMES",
      'a4af83ff8e62   nginx:1.27   "/docker-entrypoint.…"   2 hours ago   Up 2 hours   9000-9001/udp, 0.0.0.0:8080->80/tcp, [::]:8080->80/tcp   web',
      "",
    ].join("\n"),
  );
});

test("prints by a template, and asks for sizes when it shows them", async () => {
  const format = '{{.Names}} {{.Size}} {{.Labels}} {{.Label "a"}} {{.Mounts}} {{.Networks}} {{.CreatedAt}}';
  const { out, requests } = await docker(["ps", "-a", "-f", "status=exited", "--format", format], {
    answers,
  });
  expect(out).toBe("web 1.09kB (virtual 4.26MB) a=1,b=2 1 data bridge 2026-11-21 00:30:00 +0000 UTC\n");
  expect(requests.at(-1)!.line).toBe(
    "GET /v1.50/containers/json?all=1&filters=%7B%22status%22%3A%7B%22exited%22%3Atrue%7D%7D&size=1",
  );
});

test("refuses a template before it asks", async () => {
  const { status, err, requests } = await docker(["ps", "--format", "{{.Nope}}"], { answers });
  expect({ status, err, requests }).toEqual({
    status: 1,
    err: 'failed to execute template: template: :1:2: executing "" at <.Nope>: can\'t evaluate field Nope in type *formatter.ContainerContext\n',
    requests: [],
  });
});
