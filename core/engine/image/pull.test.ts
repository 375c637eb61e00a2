import { describe, expect, it } from "vitest";
import { testNet } from "./registry.testing.ts";

describe("docker pull", () => {
  it("brings an image from Docker Hub, and again says that it is up to date", async () => {
    const net = await testNet();
    const first = await net.say("POST", "/images/create?fromImage=busybox&tag=latest");
    const digest = first.find((line) => line.startsWith("Digest:"))!;
    const [layer] = first[1]!.split(":");
    expect(first).toEqual([
      "latest: Pulling from library/busybox",
      `${layer}: Pulling fs layer`,
      `${layer}: Verifying Checksum`,
      `${layer}: Download complete`,
      `${layer}: Pull complete`,
      digest,
      "Status: Downloaded newer image for busybox:latest",
    ]);
    expect(digest).toMatch(/^Digest: sha256:[0-9a-f]{64}$/);
    expect(await net.say("POST", "/images/create?fromImage=busybox&tag=latest")).toEqual([
      "latest: Pulling from library/busybox",
      digest,
      "Status: Image is up to date for busybox:latest",
    ]);
    const { body } = await net.ask("GET", "/images/busybox/json");
    expect(body.RepoDigests).toEqual([`busybox@${digest.slice("Digest: ".length)}`]);
    expect(body.RepoTags).toEqual(["busybox:latest"]);
  });

  it("leaves the old image dangling when the publisher has moved the tag", async () => {
    const net = await testNet();
    await net.say("POST", "/images/create?fromImage=mongo&tag=3.2");
    const before = (await net.ask("GET", "/images/mongo:3.2/json")).body;
    const second = await net.say("POST", "/images/create?fromImage=mongo&tag=3.2");
    expect(second.at(-1)).toBe("Status: Downloaded newer image for mongo:3.2");
    expect(second.some((line) => line.endsWith("Already exists"))).toBe(true);
    const after = (await net.ask("GET", "/images/mongo:3.2/json")).body;
    expect(after.Id).not.toBe(before.Id);
    const dangling = (
      await net.ask("GET", `/images/json?filters=${encodeURIComponent('{"dangling":["true"]}')}`)
    ).body;
    expect(dangling).toMatchObject([{ Id: before.Id, RepoTags: [], RepoDigests: before.RepoDigests }]);
    const pruned = (await net.ask("POST", "/images/prune")).body;
    expect(pruned.ImagesDeleted.slice(0, 2)).toEqual([
      { Untagged: before.RepoDigests[0] },
      { Deleted: before.Id },
    ]);
    expect(pruned.SpaceReclaimed).toBeGreaterThan(0);
    expect((await net.ask("GET", "/images/json")).body.map((image: { Id: string }) => image.Id)).toContain(
      after.Id,
    );
  });

  it("waits with more than three layers at a time, and shows how much has come", async () => {
    const net = await testNet();
    const { lines } = await net.stream("POST", "/images/create?fromImage=mongo&tag=3.2");
    expect(lines.some((line) => line.status === "Waiting")).toBe(true);
    const downloading = lines.filter(
      (line) => line.status === "Downloading" && line.progressDetail.total > 10e6,
    );
    expect(downloading.length).toBeGreaterThan(5);
    for (const line of downloading) expect(line.progress).toMatch(/^\[=*> *\] +[\d.]+[kM]?B\/[\d.]+MB$/);
    expect(lines.find((line) => line.status === "Extracting")).toMatchObject({
      progressDetail: { current: expect.any(Number) },
    });
  });

  it("says what Docker says when there is no such image", async () => {
    const net = await testNet();
    const refused = async (target: string) => {
      const { status, lines } = await net.stream("POST", `/images/create?${target}`);
      return [status, lines[0].message];
    };
    expect(await refused("fromImage=nosuch&tag=latest")).toEqual([
      404,
      "pull access denied for nosuch, repository does not exist or may require 'docker login': denied: requested access to the resource is denied",
    ]);
    expect(await refused("fromImage=busybox&tag=nosuch")).toEqual([
      404,
      "manifest for busybox:nosuch not found: manifest unknown: manifest unknown",
    ]);
    expect(await refused("fromImage=localhost:5000/nosuch&tag=latest")).toEqual([
      404,
      "manifest for localhost:5000/nosuch:latest not found: manifest unknown: manifest unknown",
    ]);
    expect(await refused("fromImage=127.0.0.1:9/x&tag=latest")).toEqual([
      500,
      'Get "http://127.0.0.1:9/v2/": dial tcp 127.0.0.1:9: connect: connection refused',
    ]);
    expect(await refused("fromImage=localhost:5001/x&tag=latest")).toEqual([
      500,
      'Head "http://localhost:5001/v2/x/manifests/latest": no basic auth credentials',
    ]);
    expect(await refused("fromImage=scratch&tag=latest")).toEqual([403, "'scratch' is a reserved name"]);
    expect(await refused("fromImage=BAD&tag=latest")).toEqual([
      400,
      "invalid reference format: repository name (library/BAD) must be lowercase",
    ]);
  });
});

describe("docker push", () => {
  it("sends an image to a registry, where it can be pulled from again", async () => {
    const net = await testNet();
    await net.say("POST", "/images/create?fromImage=busybox&tag=latest");
    await net.ask("POST", "/images/busybox/tag?repo=localhost:5000/mine&tag=1");
    const pushed = await net.stream("POST", "/images/localhost:5000/mine/push?tag=1");
    const statuses = pushed.lines.filter((line) => !line.progress && !line.aux).map((line) => line.status);
    expect(statuses.slice(0, 3)).toEqual([
      "The push refers to repository [localhost:5000/mine]",
      "Preparing",
      "Pushed",
    ]);
    expect(statuses.at(-1)).toMatch(/^1: digest: sha256:[0-9a-f]{64} size: \d+$/);
    const { aux } = pushed.lines.at(-1);
    expect(aux).toEqual({
      Tag: "1",
      Digest: /sha256:\w+/.exec(statuses.at(-1))![0],
      Size: expect.any(Number),
    });
    expect((await net.say("POST", "/images/localhost:5000/mine/push?tag=1"))[2]).toMatch(
      /: Layer already exists$/,
    );
    await net.ask("POST", "/images/busybox/tag?repo=localhost:5000/other&tag=1");
    expect((await net.say("POST", "/images/localhost:5000/other/push?tag=1"))[2]).toMatch(
      /: Mounted from mine$/,
    );

    await net.ask("DELETE", "/images/busybox?force=1");
    await net.ask("DELETE", "/images/localhost:5000/other:1");
    const { body: removed } = await net.ask("DELETE", "/images/localhost:5000/mine:1");
    expect(removed.at(-1).Deleted).toMatch(/^sha256:/);
    expect(
      (await net.ask("GET", "/images/json")).body.filter((i: { RepoTags: string[] }) =>
        /mine|other/.test(String(i.RepoTags)),
      ),
    ).toEqual([]);
    const pulled = await net.say("POST", "/images/create?fromImage=localhost:5000/mine&tag=1");
    expect(pulled.at(0)).toBe("1: Pulling from mine");
    expect(pulled.at(-2)).toBe(`Digest: ${aux.Digest}`);
    expect(pulled.at(-1)).toBe("Status: Downloaded newer image for localhost:5000/mine:1");
  });

  it("says what is wrong", async () => {
    const net = await testNet();
    expect(await net.say("POST", "/images/localhost:5000/nosuch/push?tag=1")).toEqual([
      "The push refers to repository [localhost:5000/nosuch]",
      "error: An image does not exist locally with the tag: localhost:5000/nosuch",
    ]);
    await net.say("POST", "/images/create?fromImage=busybox&tag=latest");
    await net.ask("POST", "/images/busybox/tag?repo=localhost:5001/x&tag=1");
    expect((await net.say("POST", "/images/localhost:5001/x/push?tag=1")).at(-1)).toBe(
      "error: no basic auth credentials",
    );
    expect((await net.say("POST", "/images/busybox/push?tag=latest")).at(-1)).toBe(
      "error: errors:\ndenied: requested access to the resource is denied\nunauthorized: authentication required\n",
    );
  });
});

describe("docker login and search", () => {
  it("takes right credentials, and no others", async () => {
    const net = await testNet();
    const login = (username: string, password: string, serveraddress: string) =>
      net.ask("POST", "/auth", { username, password, serveraddress });
    expect((await login("me", "secret", "localhost:5001")).body).toEqual({
      Status: "Login Succeeded",
      IdentityToken: "",
    });
    expect(await login("me", "wrong", "localhost:5001")).toMatchObject({
      status: 500,
      body: { message: "login attempt to http://localhost:5001/v2/ failed with status: 401 Unauthorized" },
    });
    expect(await login("nobody", "wrong", "https://index.docker.io/v1/")).toMatchObject({
      status: 401,
      body: {
        message: 'Get "https://registry-1.docker.io/v2/": unauthorized: incorrect username or password',
      },
    });
    expect((await login("moby", "whale", "https://index.docker.io/v1/")).body.Status).toBe("Login Succeeded");
  });

  it("finds images of Docker Hub", async () => {
    const net = await testNet();
    const { body } = await net.ask("GET", "/images/search?term=busybox&limit=1");
    expect(body).toEqual([
      {
        name: "busybox",
        is_official: true,
        is_automated: false,
        star_count: expect.any(Number),
        description: expect.any(String),
      },
    ]);
    expect((await net.ask("GET", "/images/search?term=busybox&limit=x")).status).toBe(400);
  });

  it("shows what a registry has", async () => {
    const net = await testNet();
    const { body } = await net.ask("GET", "/distribution/busybox/json");
    expect(body).toMatchObject({
      Descriptor: {
        mediaType: "application/vnd.docker.distribution.manifest.v2+json",
        size: expect.any(Number),
      },
      Platforms: [{ architecture: "amd64", os: "linux" }],
    });
  });
});
