import { execFileSync, spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, expect, test } from "vitest";

const drydock = fileURLToPath(new URL("../../node-backend/drydock.ts", import.meta.url));
const directory = mkdtempSync(join(tmpdir(), "drydock-log-"));
afterAll(() => rmSync(directory, { recursive: true }));
const loader = import.meta.resolve("tsx");
const run = (args: string[], input: string) =>
  execFileSync(process.execPath, ["--import", loader, drydock, ...args], {
    input,
    cwd: directory,
    encoding: "utf8",
  });

test("shell --log, with a shared directory, and replay; --state keeps the disk", { timeout: 180_000 }, () => {
  const shared = join(directory, "shared");
  mkdirSync(shared);
  writeFileSync(join(shared, "in"), "from outside\n");
  const log = join(directory, "log");
  const script = `cat ${shared}/in; docker run --rm -v ${shared}:/s busybox sh -c 'cat /s/in > /s/out; date +%N'; ls -l ${shared}\n`;
  const printed = run(["shell", "--with", shared, "--log", log], script);
  expect(readFileSync(join(shared, "out"), "utf8")).toBe("from outside\n");
  // The log answers, not the disk.
  rmSync(shared, { recursive: true });
  const replayed = run(["replay", log], "");
  expect(replayed.slice(0, printed.length)).toBe(printed);
  expect(replayed.slice(printed.length)).toMatch(/^[0-9a-f]{64}\n$/);
  expect(run(["replay", log], "")).toBe(replayed);

  const state = join(directory, "state");
  run(
    ["shell", "--state", state],
    "docker run -d --restart always --name web nginx; echo kept > /root/file\n",
  );
  expect(run(["shell", "--state", state], "cat /root/file; docker ps --format '{{.Names}}'\n")).toBe(
    "kept\nweb\n",
  );

  writeFileSync(log, readFileSync(log, "utf8").slice(0, -40));
  const damaged = spawnSync(process.execPath, ["--import", loader, drydock, "replay", log], {
    encoding: "utf8",
  });
  expect(damaged.stderr).toMatch(/^drydock: line \d+ is not of a session's log\n$/);
  expect(damaged.status).not.toBe(0);
});
