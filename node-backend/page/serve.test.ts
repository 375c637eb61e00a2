import { mkdtempSync, writeFileSync } from "node:fs";
import http from "node:http";
import type { Server } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { servePage } from "./serve.ts";

let served: { address: string; server: Server };
beforeAll(async () => {
  const directory = mkdtempSync(join(tmpdir(), "drydock-page-"));
  writeFileSync(join(directory, "index.html"), "<p>page</p>");
  served = await servePage(directory, 0);
});
afterAll(() => void served.server.close());

const get = (path: string, host?: string): Promise<string> =>
  new Promise((resolve) =>
    http.get(new URL(path, served.address), { headers: host ? { host } : {} }, (response) => {
      let body = "";
      response
        .on("data", (chunk) => (body += chunk))
        .on("end", () => resolve(`${response.statusCode} ${body}`));
    }),
  );

test("the page, under this machine's own names only", async () => {
  expect(await get("/")).toBe("200 <p>page</p>");
  expect(await get("/", "localhost:8420")).toBe("200 <p>page</p>");
  expect(await get("/", "evil.example")).toBe("403 This address answers only as 127.0.0.1 or localhost.\n");
  expect(await get("/../package.json")).toBe("404 Not found.\n");
});
