import type { BrowserContext, Page } from "playwright-core";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { readLog } from "../../core/session/log.ts";
import { Session } from "../../core/session/session.ts";
import { still } from "../../core/simulation/kernel/pacing.ts";
import { nodeSurroundings } from "../../node-backend/simulated/surroundings.ts";
import { chromiumPath, openBrowser, PageTerminal, type Opened } from "./browser.testing.ts";

const nowhere = { write: async () => {}, close: () => {}, abort: () => {} };

describe.skipIf(!chromiumPath)("a machine in the page", () => {
  let opened: Opened;
  let context: BrowserContext;
  beforeAll(async () => void (opened = await openBrowser()), 60_000);
  afterAll(() => opened?.close());
  beforeEach(async () => {
    await context?.close();
    context = await opened.browser.newContext({ viewport: { width: 1400, height: 800 } });
  });

  async function open(): Promise<PageTerminal> {
    const page = await context.newPage();
    await page.goto(opened.address);
    return new PageTerminal(page);
  }
  const tags = (page: Page) =>
    page.evaluate(() =>
      [...document.querySelectorAll(".flag:not(.leaving)")]
        .map((flag) => flag.getAttribute("data-tag")!)
        .sort(),
    );
  const containers = (page: Page) =>
    page.evaluate(() =>
      [...document.querySelectorAll(".box.container:not(.leaving)")].map((box) =>
        box.getAttribute("class")!.trim(),
      ),
    );

  test("a replay in Node comes to the page's digest", { timeout: 60_000 }, async () => {
    const terminal = await open();
    await terminal.run("docker run busybox sh -c 'echo hi > /f; rm /bin/ls'");
    await terminal.run("docker commit $(docker ps -lq) mine && ls / | sort | head -3");
    const { log, digest } = await terminal.page.evaluate(() =>
      (
        window as unknown as { drydock: { digest(): Promise<{ log: string; digest: string }> } }
      ).drydock.digest(),
    );
    const again = await Session.replay(readLog(log), {
      ...nodeSurroundings,
      pace: () => still,
      output: () => ({ stdout: nowhere, stderr: nowhere }),
    });
    expect(again.digest()).toBe(digest);
  });

  test("a reload keeps the disk and reboots the machine", { timeout: 60_000 }, async () => {
    const terminal = await open();
    await terminal.run("docker run -d --name web --restart always busybox sleep 1000");
    await expect.poll(() => containers(terminal.page)).toEqual(["box container  running"]);
    await new Promise((resolve) => setTimeout(resolve, 300));
    await terminal.page.reload();
    expect(await terminal.run("docker ps --format '{{.Names}} {{.State}}'; uptime -p")).toMatch(
      /^web running\n/,
    );
    expect(await tags(terminal.page)).toEqual(["busybox:latest"]);
    await expect.poll(() => containers(terminal.page)).toEqual(["box container  running"]);
  });

  test("undo and redo, and the picture with them; a new machine", { timeout: 60_000 }, async () => {
    const terminal = await open();
    const { page } = terminal;
    await terminal.run("docker pull -q busybox");
    await terminal.run("docker tag busybox mine");
    await expect.poll(() => tags(page)).toEqual(["busybox:latest", "mine:latest"]);
    await page.getByRole("button", { name: "Undo" }).click();
    await expect.poll(() => tags(page)).toEqual(["busybox:latest"]);
    expect(await terminal.run("docker images --format '{{.Repository}}'")).toBe("busybox");
    await page.getByRole("button", { name: "Undo" }).click();
    await page.getByRole("button", { name: "Redo" }).click();
    await expect.poll(() => terminal.text()).toContain("{{.Repository}}");
    page.on("dialog", (dialog) => void dialog.accept());
    await page.getByRole("button", { name: "New machine" }).click();
    await expect.poll(() => tags(page)).toEqual([]);
    expect(await terminal.run("docker images -q")).toBe("");
  });

  test("a second tab looks on, and takes over when the first is closed", { timeout: 60_000 }, async () => {
    const first = await open();
    await first.run("docker pull -q busybox");
    const second = await open();
    await second.page.getByText("Another tab has the keyboard").waitFor();
    await expect.poll(() => tags(second.page)).toEqual(["busybox:latest"]);
    await expect.poll(() => second.text()).toContain("docker.io/library/busybox:latest");
    await second.page.keyboard.type("echo never");
    await first.run("echo seen");
    await expect.poll(() => second.text()).toContain("echo seen");
    expect(await second.text()).not.toContain("never");
    await new Promise((resolve) => setTimeout(resolve, 300));
    await first.page.close();
    await second.page.getByText("Another tab has the keyboard").waitFor({ state: "detached" });
    expect(await second.run("docker images --format '{{.Repository}}'")).toBe("busybox");
  });

  test(
    "a saved machine that cannot be replayed is told, and a new one is there",
    { timeout: 60_000 },
    async () => {
      const first = await open();
      await first.run("docker ps");
      await new Promise((resolve) => setTimeout(resolve, 300));
      await first.page.evaluate(
        () =>
          new Promise<void>((resolve) => {
            indexedDB.open("drydock").onsuccess = ({ target }) => {
              const store = (target as IDBOpenDBRequest).result
                .transaction("sessions", "readwrite")
                .objectStore("sessions");
              store.get("machine").onsuccess = (event) => {
                const log = (event.target as IDBRequest).result;
                log.entries[1].turn = -1;
                log.entries[1].at = -1;
                store.put(log, "machine").onsuccess = () => resolve();
              };
            };
          }),
      );
      await first.page.reload();
      expect(await first.run("docker images -q")).toBe("");
      expect(await first.page.getByRole("alert").textContent()).toContain("could not be brought back");
    },
  );
});
