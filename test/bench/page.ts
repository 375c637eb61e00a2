import { gzipSync } from "node:zlib";
import { openBrowser, PageTerminal, chromiumPath } from "../e2e/browser.testing.ts";
import { median, report } from "./machine.ts";

if (!chromiumPath) {
  console.log("page: skipped, there is no chromium");
  process.exit(0);
}
const opened = await openBrowser();
const moments: number[] = [];
let bytes = 0;
for (let at = 0; at < 5; at++) {
  const context = await opened.browser.newContext();
  const page = await context.newPage();
  const bodies: Promise<number>[] = [];
  page.on("response", (response) =>
    bodies.push(
      response.body().then(
        (body) => gzipSync(body).length,
        () => 0,
      ),
    ),
  );
  const start = performance.now();
  await page.goto(opened.address);
  await new PageTerminal(page).run("docker ps");
  moments.push(performance.now() - start);
  bytes = (await Promise.all(bodies)).reduce((sum, length) => sum + length, 0);
  await context.close();
}
await opened.close();
report("bytes fetched until docker ps has printed, gzip", `${(bytes / 1000).toFixed(0)} kB`, "< 500 kB");
report(
  "from navigation until docker ps has printed, median",
  `${(median(moments) / 1000).toFixed(2)} s`,
  "< 1.5 s",
);
process.exit(0);
