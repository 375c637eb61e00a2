import { describe, expect, test } from "vitest";
import { docker } from "./cli.testing.ts";

describe("docker", () => {
  test("says what a command line got wrong, as docker does", async () => {
    expect(await docker(["nosuch"])).toMatchObject({
      status: 1,
      out: "",
      err: "docker: unknown command: docker nosuch\n\nRun 'docker --help' for more information\n",
    });
    expect(await docker(["container", "nosuch"])).toMatchObject({
      status: 1,
      err: "docker: unknown command: docker container nosuch\n\nUsage:  docker container\n\nRun 'docker container --help' for more information\n",
    });
    expect(await docker(["--bad"])).toMatchObject({
      status: 125,
      err: "unknown flag: --bad\n\nUsage:  docker [OPTIONS] COMMAND [ARG...]\n\nRun 'docker --help' for more information\n",
    });
    expect(await docker(["rm"])).toMatchObject({
      status: 1,
      err: "docker: 'docker rm' requires at least 1 argument\n\nUsage:  docker rm [OPTIONS] CONTAINER [CONTAINER...]\n\nSee 'docker rm --help' for more information\n",
    });
    expect(await docker(["ps", "-n", "x"])).toMatchObject({
      status: 125,
      err: 'invalid argument "x" for "-n, --last" flag: strconv.ParseInt: parsing "x": invalid syntax\n\nUsage:  docker ps [OPTIONS]\n\nRun \'docker ps --help\' for more information\n',
    });
    expect(await docker(["-H", "a", "-c", "b", "ps"])).toMatchObject({
      status: 1,
      err: "conflicting options: cannot specify both --host and --context\n",
    });
    expect(await docker(["help", "nosuch"])).toMatchObject({
      status: 1,
      err: "unknown help topic: nosuch\n",
    });
  });

  test("prints help in docker's layout", async () => {
    expect((await docker(["rename", "--help"])).out).toBe(
      "Usage:  docker rename CONTAINER NEW_NAME\n\nGive a container another name\n\nAliases:\n  docker container rename, docker rename\n",
    );
    expect((await docker(["kill", "-h"])).out).toBe(
      `Flag shorthand -h has been deprecated, use --help
Usage:  docker kill [OPTIONS] CONTAINER [CONTAINER...]

Kill running containers

Aliases:
  docker container kill, docker kill

Options:
  -s, --signal string   The signal to send
`,
    );
  });

  test("agrees on a version first, with its own name and the user's headers", async () => {
    const config = JSON.stringify({ HttpHeaders: { "X-Token": "t", "User-Agent": "me" } });
    const { requests, out } = await docker(["ps", "-q"], {
      files: { "/home/me/.docker/config.json": config },
      answers: { "GET /containers/json": () => [] },
    });
    expect(out).toBe("");
    expect(requests).toEqual([
      {
        line: "HEAD /_ping",
        headers: { "x-token": "t", "user-agent": "Docker-Client/28.2.2 (linux)" },
        body: "",
      },
      {
        line: "GET /v1.50/containers/json",
        headers: { "x-token": "t", "user-agent": "Docker-Client/28.2.2 (linux)" },
        body: "",
      },
    ]);
  });

  test("does to each container what it can, and reports the rest together", async () => {
    const { status, out, err } = await docker(["stop", "a", "b", "c"], {
      answers: { "POST /containers/b/stop": () => ({ status: 204 }) },
    });
    expect({ status, out, err }).toEqual({
      status: 1,
      out: "b\n",
      err: "Error response from daemon: No such thing: /containers/a/stop\nError response from daemon: No such thing: /containers/c/stop\n",
    });
  });

  test("ends with the signal's status", async () => {
    const { status, out, err } = await docker(["logs", "-f", "a"], {
      answers: {
        "GET /containers/a/json": () => ({ Id: "a1", Config: { Tty: true } }),
        "GET /containers/a1/logs": () => ({
          body: { read: () => Promise.reject(new Error("context canceled")), cancel: () => {} },
        }),
      },
      onStart: (send) => send("SIGINT"),
    });
    expect({ status, out, err }).toEqual({ status: 130, out: "", err: "" });
  });
});
