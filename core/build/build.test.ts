import { expect, test } from "vitest";
import { contentSource } from "../archive/collect.ts";
import type { NewTarEntry } from "../archive/entry.ts";
import { TarBuilder } from "../archive/write.ts";
import { bytesContent } from "../files/content.ts";
import { sourceOf, utf8 } from "../platform/bytes.ts";
import { Cancellation } from "../platform/cancellation.ts";
import { portableCodecs } from "../platform/portable-codecs.ts";
import { build } from "./build.ts";
import { MemoryBackend, writeFile } from "./memory_backend.testing.ts";
import type { BuildOptions } from "./options.ts";

const OPTIONS: BuildOptions = {
  dockerfile: "",
  tags: [],
  remote: "",
  target: "",
  buildArgs: {},
  labels: {},
  noCache: false,
  cacheFrom: [],
  pull: false,
  remove: true,
  forceRemove: false,
  platform: "",
  host: {
    memory: 0,
    memorySwap: 0,
    cpuShares: 0,
    cpuPeriod: 0,
    cpuQuota: 0,
    cpusetCpus: "",
    cpusetMems: "",
    cgroupParent: "",
    shmSize: 0,
    ulimits: [],
    extraHosts: [],
    networkMode: "",
  },
};

type Files = Record<string, string | Partial<NewTarEntry>>;

function contextOf(files: Files) {
  const archive = new TarBuilder();
  for (const [name, file] of Object.entries(files)) {
    if (typeof file === "string")
      archive.add({ name, kind: "file", mode: 0o644, content: bytesContent(utf8(file)) });
    else archive.add({ kind: "file", mode: 0o644, ...file, name });
  }
  return contentSource(archive.finish());
}

async function engine() {
  const backend = new MemoryBackend(portableCodecs);
  await backend.import(
    "busybox",
    { "/bin/sh": "busybox", "/etc/passwd": "root:x:0:0::/:\nweb:x:33:44::/:\n" },
    { Cmd: ["sh"] },
  );
  backend.program = async (command, environment, root) => {
    const line = command.at(-1)!;
    if (line === "exit 3") return { stdout: "before\n", stderr: "oh\n", status: 3 };
    if (line.startsWith("write "))
      await writeFile(root, line.split(" ")[1]!, line.split(" ").slice(2).join(" "));
    if (line === "env") return { stdout: `${environment.join("\n")}\n` };
    return {};
  };
  return backend;
}

/** Builds and returns the text that a client shows: identifiers as <id1>, <id2> … in order of appearance. */
async function play(backend: MemoryBackend, files: Files, options: Partial<BuildOptions> = {}) {
  let text = "";
  const write = async (piece: string) => void (text += piece);
  let imageId = "";
  try {
    imageId = await build(
      backend,
      { ...OPTIONS, ...options },
      contextOf(files),
      {
        stdout: write,
        stderr: (piece) => write(`<red>${piece}</red>`),
        imageId: (id) => write(`aux ${id}\n`),
        message: (message) => write(`${JSON.stringify(message)}\n`),
      },
      new Cancellation(),
    );
  } catch (error) {
    text += `${(error as Error).name}: ${(error as Error).message}\n`;
  }
  const ids = new Map<string, string>();
  const shown = text.replace(
    /(sha256:)?\b([0-9a-f]{12})([0-9a-f]{52})?\b|\b(c{12})\b/g,
    (id, _prefix, short: string) => {
      const key = short ?? id;
      if (!ids.has(key)) ids.set(key, `<id${ids.size + 1}>`);
      return ids.get(key)!;
    },
  );
  return { text: shown, imageId };
}

test("a build, and the same again from the cache", async () => {
  const backend = await engine();
  const files = {
    Dockerfile: 'FROM busybox\nRUN write /one 1\nCOPY f /f\nENV A=b\nCMD ["cat","/one","/f"]\n',
    f: "data\n",
  };
  const first = await play(backend, files, { tags: ["app", "app:latest", "app:2"] });
  expect(first.text).toBe(
    [
      "Step 1/5 : FROM busybox",
      " ---> <id1>",
      "Step 2/5 : RUN write /one 1",
      " ---> Running in <id2>",
      " ---> Removed intermediate container <id2>",
      " ---> <id3>",
      "Step 3/5 : COPY f /f",
      " ---> <id4>",
      "Step 4/5 : ENV A=b",
      " ---> Running in <id2>",
      " ---> Removed intermediate container <id2>",
      " ---> <id5>",
      'Step 5/5 : CMD ["cat","/one","/f"]',
      " ---> Running in <id2>",
      " ---> Removed intermediate container <id2>",
      " ---> <id6>",
      "aux <id6>",
      "Successfully built <id6>",
      "Successfully tagged app:latest",
      "Successfully tagged app:2",
      "",
    ].join("\n"),
  );
  const { config, history } = backend.records.get(first.imageId)!.config;
  expect(history!.map(({ created_by, empty_layer }) => [created_by, empty_layer])).toEqual([
    [undefined, undefined],
    ["/bin/sh -c write /one 1", undefined],
    [
      "/bin/sh -c #(nop) COPY file:662ccb3385420becb5514f28e79a6bbe83af61451ee56dd11678a81bfcfefa3f in /f ",
      undefined,
    ],
    ["/bin/sh -c #(nop)  ENV A=b", true],
    ['/bin/sh -c #(nop)  CMD ["cat" "/one" "/f"]', true],
  ]);
  expect(config).toEqual({
    Cmd: ["cat", "/one", "/f"],
    Env: ["PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin", "A=b"],
    Image: backend.records.get(first.imageId)!.parent,
    OpenStdin: false,
    StdinOnce: false,
  });

  const again = await play(backend, files);
  expect(again.imageId).toBe(first.imageId);
  expect(again.text).toBe(
    [
      "Step 1/5 : FROM busybox",
      " ---> <id1>",
      "Step 2/5 : RUN write /one 1",
      " ---> Using cache",
      " ---> <id2>",
      "Step 3/5 : COPY f /f",
      " ---> Using cache",
      " ---> <id3>",
      "Step 4/5 : ENV A=b",
      " ---> Using cache",
      " ---> <id4>",
      'Step 5/5 : CMD ["cat","/one","/f"]',
      " ---> Using cache",
      " ---> <id5>",
      "aux <id5>",
      "Successfully built <id5>",
      "",
    ].join("\n"),
  );

  const changed = await play(backend, { ...files, f: "changed\n" });
  expect(changed.text.match(/Using cache/g)).toHaveLength(1);
});

test("the sums of files are those of Docker", async () => {
  const backend = await engine();
  const files = {
    Dockerfile:
      'FROM busybox\nCOPY f /x/\nCOPY dir /tmp\nCOPY f dir /y/\nCOPY . /all/\nHEALTHCHECK --interval=90s --retries=3 CMD ["a"]\nADD --chown=1:2 f /q',
    "dir/": { kind: "directory", mode: 0o755 } as const,
    "dir/a": "a\n",
    f: "hi\n",
  };
  const history = (id: string) =>
    backend.records
      .get(id)!
      .config.history!.slice(1)
      .map(({ created_by }) => created_by);
  const { imageId } = await play(backend, files, { tags: ["summed"] });
  expect(history(imageId)).toEqual([
    "/bin/sh -c #(nop) COPY file:8582af4daeaf0680f84231b3cb3c1b3f178576b5a6a8982837583d5676f28428 in /x/ ",
    "/bin/sh -c #(nop) COPY dir:1e547fd1073cb430d27f0215d7852f3cf62bd83c234fef919f6863967f32c95c in /tmp ",
    "/bin/sh -c #(nop) COPY multi:8f25b6a742a45eed38dd914e9266b0b2d658085f91040b7180b5586d27fa1d0d in /y/ ",
    "/bin/sh -c #(nop) COPY dir:d582732c5e442dcf420ee743d7c0c31f132daf94fe3a520e50ac626bbeb985b2 in /all/ ",
    "/bin/sh -c #(nop)  HEALTHCHECK &{[CMD a] 1m30s 0s 0s 0s 3}",
    "/bin/sh -c #(nop) ADD --chown=1:2 file:8582af4daeaf0680f84231b3cb3c1b3f178576b5a6a8982837583d5676f28428 in /q ",
  ]);
  const Dockerfile = "FROM summed\nFROM busybox\nCOPY --from=0 /x /x\nCOPY --from=summed /x/f /z";
  expect(history((await play(backend, { Dockerfile })).imageId)).toEqual([
    "/bin/sh -c #(nop) COPY dir:eba987ad17a042b0ad0cdb099b155c001414de241df4abb264e76a8ee48bf5c7 in /x ",
    "/bin/sh -c #(nop) COPY file:6cb6358e2b6d54a1036fd3b0c487e0c594ba84699f9b78c0469ce7df39499677 in /z ",
  ]);
});

test("stages, arguments, labels, triggers", async () => {
  const backend = await engine();
  const base = await play(
    backend,
    { Dockerfile: "FROM busybox\nONBUILD RUN write /on 1\nONBUILD ENV T=1\n" },
    { tags: ["base"] },
  );
  expect(base.text).toContain("Successfully tagged base:latest\n");
  const files = {
    Dockerfile: [
      "ARG BASE=busybox",
      "FROM $BASE AS build",
      "ARG WHO=world",
      "ARG NONE",
      "WORKDIR /out",
      "COPY . .",
      "RUN env",
      "FROM base",
      'LABEL a="1" b=2',
      "COPY --from=build /out/ /app/",
      "COPY --from=0 --chown=web:7 /out/keep /kept",
      "",
    ].join("\n"),
    keep: "keep",
  };
  const { text, imageId } = await play(backend, files, {
    buildArgs: { WHO: "class", NOPE: "1", ALSO: null, http_proxy: "p" },
    labels: { z: "26", l: "$x" },
  });
  expect(text).toBe(
    [
      "Step 1/13 : ARG BASE=busybox",
      "Step 2/13 : FROM $BASE AS build",
      " ---> <id1>",
      "Step 3/13 : ARG WHO=world",
      " ---> Running in <id2>",
      " ---> Removed intermediate container <id2>",
      " ---> <id3>",
      "Step 4/13 : ARG NONE",
      " ---> Running in <id2>",
      " ---> Removed intermediate container <id2>",
      " ---> <id4>",
      "Step 5/13 : WORKDIR /out",
      " ---> Running in <id2>",
      " ---> Removed intermediate container <id2>",
      " ---> <id5>",
      "Step 6/13 : COPY . .",
      " ---> <id6>",
      "Step 7/13 : RUN env",
      " ---> Running in <id2>",
      "PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin",
      "WHO=class",
      "http_proxy=p",
      " ---> Removed intermediate container <id2>",
      " ---> <id7>",
      "aux <id7>",
      "Step 8/13 : FROM base",
      "# Executing 2 build triggers",
      " ---> Running in <id2>",
      " ---> Removed intermediate container <id2>",
      " ---> Running in <id2>",
      " ---> Removed intermediate container <id2>",
      " ---> <id8>",
      'Step 9/13 : LABEL a="1" b=2',
      " ---> Running in <id2>",
      " ---> Removed intermediate container <id2>",
      " ---> <id9>",
      "Step 10/13 : COPY --from=build /out/ /app/",
      " ---> <id10>",
      "Step 11/13 : COPY --from=0 --chown=web:7 /out/keep /kept",
      " ---> <id11>",
      "Step 12/13 : LABEL l=$x",
      " ---> Running in <id2>",
      " ---> Removed intermediate container <id2>",
      " ---> <id12>",
      "Step 13/13 : LABEL z=26",
      " ---> Running in <id2>",
      " ---> Removed intermediate container <id2>",
      " ---> <id13>",
      "aux <id13>",
      "[Warning] One or more build-args [ALSO NOPE] were not consumed",
      "Successfully built <id13>",
      "",
    ].join("\n"),
  );
  const { config } = backend.records.get(imageId)!.config;
  expect([config!.Labels, config!.OnBuild, config!.Env!.slice(1)]).toEqual([
    { a: "1", b: "2", l: "$x", z: "26" },
    null,
    ["T=1"],
  ]);
  expect(await backend.list(imageId, "/app")).toEqual([
    "755 0:0 /app/",
    "644 0:0 /app/Dockerfile",
    "644 0:0 /app/keep",
  ]);
  expect(await backend.list(imageId, "/kept")).toEqual(["644 33:7 /kept"]);
  expect(await backend.file(imageId, "/on")).toBe("1");

  const target = await play(backend, files, { target: "Build" });
  expect(backend.records.get(target.imageId)!.config.history!.at(-1)!.created_by).toBe(
    "|1 WHO=world /bin/sh -c env",
  );
});

test("where copies go, and whose they are", async () => {
  const backend = await engine();
  const unpacked = new TarBuilder();
  unpacked.add({ name: "x/", kind: "directory", mode: 0o750, uid: 5, gid: 6 });
  unpacked.add({ name: "x/1", kind: "file", mode: 0o640, uid: 5, gid: 6, content: bytesContent(utf8("1")) });
  const { text, imageId } = await play(backend, {
    Dockerfile: [
      "FROM busybox",
      "COPY . /ex/sub",
      "COPY dir /ex/sub",
      "COPY dir /new/deep",
      "COPY --chown=3:4 dir /own/deep",
      "COPY --chown=3 f /own2/deep/",
      "COPY link /ln",
      "COPY dlink /dl",
      "COPY dir/lnk f /many/",
      "COPY di? /wild/",
      "ADD x.tar /tarred/deep",
      "COPY x.tar /plain/",
      "WORKDIR /w",
      "COPY f ./g",
    ].join("\n"),
    f: { mode: 0o4755, uid: 9, gid: 9, content: bytesContent(utf8("f")) },
    "dir/": { kind: "directory", mode: 0o700 },
    "dir/a": "a",
    "dir/lnk": { kind: "symlink", linkname: "a", mode: 0o777 },
    link: { kind: "symlink", linkname: "f", mode: 0o777 },
    dlink: { kind: "symlink", linkname: "dir", mode: 0o777 },
    "x.tar": { content: unpacked.finish() },
  });
  expect(text).toContain("Successfully built");
  const below = async (path: string) => (await backend.list(imageId, path)).join("\n");
  expect(await below("/ex")).toBe(
    [
      "755 0:0 /ex/",
      "755 0:0 /ex/sub/",
      "644 0:0 /ex/sub/Dockerfile",
      "644 0:0 /ex/sub/a",
      "700 0:0 /ex/sub/dir/",
      "644 0:0 /ex/sub/dir/a",
      "777 0:0 /ex/sub/dir/lnk -> a",
      "777 0:0 /ex/sub/dlink -> dir",
      "755 0:0 /ex/sub/f",
      "777 0:0 /ex/sub/link -> f",
      "777 0:0 /ex/sub/lnk -> a",
      "644 0:0 /ex/sub/x.tar",
    ].join("\n"),
  );
  expect(await below("/new")).toBe(
    "755 0:0 /new/\n755 0:0 /new/deep/\n644 0:0 /new/deep/a\n777 0:0 /new/deep/lnk -> a",
  );
  expect(await below("/own")).toBe(
    "755 0:0 /own/\n755 3:4 /own/deep/\n644 3:4 /own/deep/a\n777 3:4 /own/deep/lnk -> a",
  );
  expect(await below("/own2")).toBe("755 3:3 /own2/\n755 3:3 /own2/deep/\n755 3:3 /own2/deep/f");
  expect(await below("/ln")).toBe("755 0:0 /ln");
  expect(await below("/dl")).toBe("755 0:0 /dl/\n644 0:0 /dl/a\n777 0:0 /dl/lnk -> a");
  expect(await below("/many")).toBe("755 0:0 /many/\n755 0:0 /many/f\n644 0:0 /many/lnk");
  expect(await below("/wild")).toBe("755 0:0 /wild/\n644 0:0 /wild/a\n777 0:0 /wild/lnk -> a");
  expect(await below("/tarred")).toBe(
    "755 0:0 /tarred/\n755 0:0 /tarred/deep/\n750 5:6 /tarred/deep/x/\n640 5:6 /tarred/deep/x/1",
  );
  expect(await below("/plain")).toBe("755 0:0 /plain/\n644 0:0 /plain/x.tar");
  expect(await below("/w")).toBe("755 0:0 /w/\n755 0:0 /w/g");
});

test("ADD fetches URLs", async () => {
  const backend = await engine();
  backend.web = (url) => ({
    status: url.endsWith("x") ? 200 : 404,
    statusText: url.endsWith("x") ? "200 OK" : "404 Not Found",
    headers: {},
    body: sourceOf(utf8(url.endsWith("x") ? "hello" : "nothing\n")),
    length: 5,
  });
  const { text } = await play(backend, {
    Dockerfile: "FROM busybox\nADD http://h/x /d/\nADD http://h/y /d/\n",
  });
  expect(text).toBe(
    [
      "Step 1/3 : FROM busybox",
      " ---> <id1>",
      "Step 2/3 : ADD http://h/x /d/",
      '{"status":"Downloading","progressDetail":{"current":5,"total":5},"progress":"[==================================================>]       5B/5B"}',
      "",
      " ---> <id2>",
      "Step 3/3 : ADD http://h/y /d/",
      "DockerError: ADD failed: failed to GET http://h/y with status 404 Not Found: nothing",
      "",
    ].join("\n"),
  );
});

test.each([
  [
    "FROM busybox\nCOPY nosuch /",
    "DockerError: COPY failed: file not found in build context or excluded by .dockerignore: stat nosuch: file does not exist",
  ],
  [
    "FROM busybox\nCOPY ../f /x",
    "DockerError: COPY failed: forbidden path outside the build context: ../f ()",
  ],
  ["FROM busybox\nCOPY no* /x", "DockerError: COPY failed: no source files were specified"],
  ["FROM busybox\nCOPY http://a/b /x", "DockerError: COPY failed: source can't be a URL for COPY"],
  [
    "FROM busybox\nCOPY f Dockerfile /x",
    "DockerError: When using COPY with more than one source file, the destination must be a directory and end with a /",
  ],
  [
    "FROM busybox\nCOPY --chown=nobody f /x",
    "DockerError: unable to convert uid/gid chown string to host mapping: can't find uid for user nobody: no such user: nobody",
  ],
  [
    "FROM busybox\nCOPY --chown=1:2:3 f /x",
    "DockerError: unable to convert uid/gid chown string to host mapping: invalid chown string format: 1:2:3",
  ],
  [
    "FROM busybox\nCOPY --chmod=1 f /x",
    "DockerError: the --chmod option requires BuildKit. Refer to https://docs.docker.com/go/buildkit/ to learn how to build images with BuildKit enabled",
  ],
  [
    "FROM busybox\nRUN --mount=type=cache,target=/x ls",
    "DockerError: the --mount option requires BuildKit. Refer to https://docs.docker.com/go/buildkit/ to learn how to build images with BuildKit enabled",
  ],
  [
    "FROM busybox AS a\nCOPY --from=0 x /",
    "DockerError: invalid from flag value 0: refers to current build stage",
  ],
  ["FROM busybox AS a\nCOPY --from=1 x /", "DockerError: invalid from flag value 1: index out of bounds"],
  [
    "FROM busybox\nCOPY --from=nosuch x /",
    "DockerError: invalid from flag value nosuch: pull access denied for nosuch, repository does not exist",
  ],
  [
    "FROM busybox AS a\nFROM busybox\nCOPY --from=a /nosuch /",
    "DockerError: COPY failed: stat nosuch: file does not exist",
  ],
  ["FROM busybox AS a\nFROM busybox AS A", "DockerError: a stage name already used"],
  ["FROM ${NOPE}", "DockerError: base name (${NOPE}) should not be blank"],
  [
    "FROM --platform=bogus/x/y/z busybox",
    'DockerError: failed to parse platform bogus/x/y/z: "bogus/x/y/z": cannot parse platform specifier: invalid argument',
  ],
  ["FROM scratch", "DockerError: No image was generated. Is your Dockerfile empty?"],
  [
    "FROM busybox\nLABEL a=${x!y}",
    'DockerError: failed to process "${x!y}": unsupported modifier (!) in substitution',
  ],
  ["FROM busybox\nWORKDIR $NOPE", "DockerError: cannot normalize nothing"],
  ["FROM busybox\nCOPY <<E /x\nhi\nE", "DockerError: COPY failed: no source files were specified"],
  ["NOSUCH", "DockerError: dockerfile parse error on line 1: unknown instruction: NOSUCH"],
])("%j fails", async (Dockerfile, message) => {
  const { text } = await play(await engine(), { Dockerfile, f: "f" });
  expect(text.trimEnd().split("\n").at(-1)).toBe(message);
});

test("a container that failed stays, unless --force-rm", async () => {
  const backend = await engine();
  const { text } = await play(backend, { Dockerfile: "FROM busybox\nRUN exit 3" });
  expect(text).toBe(
    [
      "Step 1/2 : FROM busybox",
      " ---> <id1>",
      "Step 2/2 : RUN exit 3",
      " ---> Running in <id2>",
      "before",
      "<red>oh",
      "</red>CommandFailed: The command '/bin/sh -c exit 3' returned a non-zero code: 3",
      "",
    ].join("\n"),
  );
  expect(backend.running.size).toBe(1);
  await play(backend, { Dockerfile: "FROM busybox\nRUN exit 3" }, { forceRemove: true });
  expect(backend.running.size).toBe(1);
});

test("what .dockerignore leaves out of the two files cannot be copied", async () => {
  const files = {
    ".dockerignore": "Docker*\n.dockerignore\n",
    Dockerfile: "FROM busybox\nCOPY . /all/\n",
    f: "f",
  };
  const backend = await engine();
  const { imageId } = await play(backend, files);
  expect(await backend.list(imageId, "/all")).toEqual(["755 0:0 /all/", "644 0:0 /all/f"]);
});
