import { expect, test } from "vitest";
import { DockerError } from "../errors/errors.ts";
import type { ContainerConfig } from "../oci/image.ts";
import { applyChanges } from "./changes.ts";

test("every instruction of --change", () => {
  const config: ContainerConfig = {
    Env: ["PATH=/bin", "A=1"],
    Cmd: ["sh"],
    WorkingDir: "/a",
    Labels: { kept: "yes" },
  };
  const changed = applyChanges(config, [
    "ENV A=2 B=$A",
    "env C ${B}c d",
    'LABEL x="y z" q=$C',
    "EXPOSE 80 443/udp 8000-8001",
    "WORKDIR b/../c",
    "USER nobody:$A",
    'VOLUME ["/v","/w"]',
    "STOPSIGNAL SIGINT",
    "HEALTHCHECK --interval=1m30s --retries=3 CMD curl localhost",
    "ONBUILD RUN echo",
    'ENTRYPOINT ["/e"]',
    "CMD echo $A",
  ]);
  expect(changed).toEqual({
    Env: ["PATH=/bin", "A=2", "B=1", "C=1c d"],
    Cmd: ["/bin/sh", "-c", "echo $A"],
    Entrypoint: ["/e"],
    WorkingDir: "/a/c",
    Labels: { kept: "yes", x: "y z", q: "1c d" },
    ExposedPorts: { "443/udp": {}, "80/tcp": {}, "8000/tcp": {}, "8001/tcp": {} },
    User: "nobody:2",
    Volumes: { "/v": {}, "/w": {} },
    StopSignal: "SIGINT",
    Healthcheck: { Test: ["CMD-SHELL", "curl localhost"], Interval: 90e9, Retries: 3 },
    OnBuild: ["RUN echo"],
  });
  expect(config).toEqual({
    Env: ["PATH=/bin", "A=1"],
    Cmd: ["sh"],
    WorkingDir: "/a",
    Labels: { kept: "yes" },
  });
});

test("an entrypoint takes the command away that was there before", () => {
  expect(applyChanges({ Cmd: ["sh"] }, ["ENTRYPOINT /x"])).toEqual({
    Cmd: null,
    Entrypoint: ["/bin/sh", "-c", "/x"],
  });
});

test.each([
  ["RUN ls", "RUN is not a valid change command"],
  ["Copy a b", "Copy is not a valid change command"],
  ["NOSUCH", "NOSUCH is not a valid change command"],
  ["ENV", "ENV requires at least one argument"],
  ["ENV a", "ENV must have two arguments"],
  ["ENV a=b c", `Syntax error - can't find = in "c". Must be of the form: name=value`],
  ["ENV a=${b:-", `failed to process "\${b:-": syntax error: missing '}'`],
  ["STOPSIGNAL NOPE", "invalid signal: NOPE"],
  ["EXPOSE x", "Invalid containerPort: x"],
  ["WORKDIR a\nUSER", "USER requires exactly one argument"],
  ["CMD [1]", "when using JSON array syntax, arrays must be comprised of strings only"],
  ["", "file with no instructions"],
])("%s", (change, message) => {
  expect(() => applyChanges({}, [change])).toThrow(new DockerError("invalidParameter", message));
});
