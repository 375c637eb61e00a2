import { expect, test } from "vitest";
import { parseDockerfile } from "./parse.ts";

test("a Dockerfile becomes a graph", () => {
  const graph = parseDockerfile(
    [
      "# escape=`",
      "ARG V=1",
      "FROM --platform=$P busybox:$V as Build",
      "RUN --mount=type=cache,target=/c echo a `",
      "  # comment",
      "  b",
      "COPY --chown=1:2 a b /c/",
      "",
      "FROM build",
      'CMD ["a", "b"]',
      "ONBUILD ADD <<X /y",
      "z",
      "X",
    ].join("\r\n"),
  );
  expect(graph).toEqual({
    escape: "`",
    warnings: [],
    globals: [
      {
        operation: { kind: "arg", declarations: [{ key: { word: "V" }, value: { word: "1" } }] },
        source: "ARG V=1",
        line: 2,
      },
    ],
    stages: [
      {
        name: "build",
        base: { word: "busybox:$V" },
        platform: { word: "$P" },
        source: "FROM --platform=$P busybox:$V as Build",
        line: 3,
        steps: [
          {
            operation: {
              kind: "run",
              command: { args: ["echo a   b"], shell: true, files: [] },
              flags: ["mount"],
              mounts: ["type=cache,target=/c"],
              network: "default",
            },
            source: "RUN --mount=type=cache,target=/c echo a   b",
            line: 4,
          },
          {
            operation: {
              kind: "copy",
              verb: "COPY",
              chown: { word: "1:2" },
              chmod: { word: "" },
              checksum: { word: "" },
              sources: [{ word: "a" }, { word: "b" }],
              contents: [],
              destination: { word: "/c/" },
              from: "",
              link: false,
              excludes: [],
              keepGitDir: undefined,
              unpack: undefined,
            },
            source: "COPY --chown=1:2 a b /c/",
            line: 7,
          },
        ],
      },
      {
        name: "",
        base: { word: "build" },
        platform: undefined,
        source: "FROM build",
        line: 9,
        steps: [
          {
            operation: { kind: "cmd", command: { args: ["a", "b"], shell: false, files: [] } },
            source: 'CMD ["a", "b"]',
            line: 10,
          },
          {
            operation: { kind: "onbuild", trigger: "ADD <<X /y\nz\r\nX" },
            source: "ONBUILD ADD <<X /y",
            line: 11,
          },
        ],
      },
    ],
  });
});

test.each([
  ["", "the Dockerfile (Dockerfile) cannot be empty"],
  ["\n# x\n", "failed to parse Dockerfile: file with no instructions"],
  ["RUN true", "no build stage in current context"],
  ["FROM busybox\nNOSUCH x", "dockerfile parse error on line 2: unknown instruction: NOSUCH"],
  ["FROM busybox\nRUM ls", "dockerfile parse error on line 2: unknown instruction: RUM (did you mean RUN?)"],
  ["FROM busybox\nrum ls", "dockerfile parse error on line 2: unknown instruction: rum (did you mean run?)"],
  ["FROM a b", "dockerfile parse error on line 1: FROM requires either one or three arguments"],
  [
    "FROM a AS 1x",
    `dockerfile parse error on line 1: invalid name for build stage: "1x", name can't start with a number or contain symbols`,
  ],
  ["FROM --plat=x a", "dockerfile parse error on line 1: unknown flag: --plat"],
  [
    "FROM a\nCOPY --form=x a b",
    "dockerfile parse error on line 2: unknown flag: --form (did you mean from?)",
  ],
  [
    "FROM a\nCOPY x",
    "dockerfile parse error on line 2: COPY requires at least two arguments, but only one was provided. Destination could not be determined",
  ],
  ["FROM a\nRUN <<E\nx", "failed to parse Dockerfile: unterminated heredoc"],
  ["# escape=x\nFROM a", "failed to parse Dockerfile: invalid escape token 'x' does not match ` or \\"],
  [
    "# escape=`\n# escape=`\nFROM a",
    "failed to parse Dockerfile: only one escape parser directive can be used",
  ],
  [
    "FROM a\nONBUILD ONBUILD RUN x",
    "dockerfile parse error on line 2: Chaining ONBUILD via `ONBUILD ONBUILD` isn't allowed",
  ],
  ["FROM a\nONBUILD from x", "dockerfile parse error on line 2: FROM isn't allowed as an ONBUILD trigger"],
  ["FROM a\nSHELL sh", "dockerfile parse error on line 2: SHELL requires the arguments to be in JSON form"],
  [
    "FROM a\nHEALTHCHECK FOO x",
    `dockerfile parse error on line 2: Unknown type "FOO" in HEALTHCHECK (try CMD)`,
  ],
  [
    "FROM a\nHEALTHCHECK --interval=5 CMD x",
    `dockerfile parse error on line 2: time: missing unit in duration "5"`,
  ],
  [
    "FROM a\nHEALTHCHECK --interval=1us CMD x",
    `dockerfile parse error on line 2: Interval "interval" cannot be less than 1ms`,
  ],
  [
    "FROM a\nHEALTHCHECK --retries=-1 CMD x",
    "dockerfile parse error on line 2: --retries cannot be negative (-1)",
  ],
  ["FROM a\nRUN --network=x ls", `dockerfile parse error on line 2: invalid network mode "x"`],
  ["FROM a\nARG =x", "dockerfile parse error on line 2: ARG names can not be blank"],
])("%j", (dockerfile, message) => {
  expect(() => parseDockerfile(dockerfile)).toThrow(new Error(message));
});

test("empty lines within a continuation are warned of", () => {
  expect(parseDockerfile("FROM a\nRUN x \\\n\n y\n").warnings).toEqual([
    "[WARNING]: Empty continuation line found in: RUN x  y",
    "[WARNING]: Empty continuation lines will become errors in a future release.",
  ]);
});
