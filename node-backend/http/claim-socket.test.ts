import { existsSync, mkdtempSync, writeFileSync } from "node:fs";
import { spawnSync } from "node:child_process";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { once } from "node:events";
import { expect, test } from "vitest";
import { claimSocket } from "./claim-socket.ts";

const path = (name: string) => join(mkdtempSync(join(tmpdir(), "drydock-claim-")), name);

test("a socket that somebody serves stays", async () => {
  const socket = path("s");
  const server = createServer((connection) => connection.destroy()).listen(socket);
  await once(server, "listening");
  await expect(claimSocket(socket)).rejects.toThrow(`another server listens at ${socket}`);
  server.close();
});

test("what a dead server left goes, a file stays", async () => {
  const left = path("left");
  const script = `require("net").createServer().listen(${JSON.stringify(left)}, () => process.kill(process.pid, "SIGKILL"))`;
  spawnSync(process.execPath, ["-e", script]);
  expect(existsSync(left)).toBe(true);
  await claimSocket(left);
  expect(existsSync(left)).toBe(false);
  const file = path("file");
  writeFileSync(file, "precious");
  await expect(claimSocket(file)).rejects.toThrow(`${file} exists and is no socket`);
  await claimSocket(path("nothing"));
});
