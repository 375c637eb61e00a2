import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { chromiumPath, openBrowser, PageTerminal, type Opened } from "./browser.testing.ts";

// The walk of the notes that this project began with: how an image comes to dangle, and how to be rid of it.
describe.skipIf(!chromiumPath)("dangling images, typed in the page", () => {
  let opened: Opened;
  let terminal: PageTerminal;
  beforeAll(async () => {
    opened = await openBrowser();
    const page = await opened.browser.newPage({ viewport: { width: 1400, height: 800 } });
    await page.goto(opened.address);
    terminal = new PageTerminal(page);
  }, 60_000);
  afterAll(() => opened?.close());

  /** The picture's images: their tags, and whether they are drawn as dangling. */
  const pictured = () =>
    terminal.page.evaluate(() => ({
      images: [...document.querySelectorAll(".box.image:not(.leaving)")]
        .map((box) => box.classList.contains("dangling"))
        .sort(),
      tags: [...document.querySelectorAll(".flag:not(.leaving)")]
        .map((flag) => flag.getAttribute("data-tag")!)
        .sort(),
    }));

  test("a tag that moves on leaves its image dangling", { timeout: 120_000 }, async () => {
    expect(await terminal.run("docker images")).toMatch(/^REPOSITORY +TAG +IMAGE ID +CREATED +SIZE$/);
    expect(await terminal.run("docker pull -q mongo:3.2")).toBe("docker.io/library/mongo:3.2");
    const first = await terminal.run("docker images -q mongo");
    await expect.poll(pictured).toEqual({ images: [false], tags: ["mongo:3.2"] });

    // The publisher publishes another mongo:3.2 in the meantime.
    expect(await terminal.run("docker pull -q mongo:3.2")).toBe("docker.io/library/mongo:3.2");
    const second = await terminal.run("docker images -q mongo:3.2");
    expect(second).not.toBe(first);
    const dangling = await terminal.run(
      "docker images -f dangling=true --format '{{.Repository}} {{.Tag}} {{.ID}}'",
    );
    expect(dangling).toBe(`mongo <none> ${first}`);
    await expect.poll(pictured).toEqual({ images: [false, true], tags: ["mongo:3.2"] });

    expect(await terminal.run("docker rmi $(docker images -q -f dangling=true)")).toMatch(
      /^Untagged: mongo@sha256:[0-9a-f]{64}\nDeleted: sha256:/,
    );
    await expect.poll(pictured).toEqual({ images: [false], tags: ["mongo:3.2"] });
  });

  test("a rebuild under the same name leaves <none> <none>", { timeout: 120_000 }, async () => {
    await terminal.run("docker pull -q busybox");
    for (const word of ["one", "two"]) {
      await terminal.run(
        `printf 'FROM busybox\\nRUN echo ${word} > /f\\n' | DOCKER_BUILDKIT=0 docker build -q -t app - 2>/dev/null`,
      );
    }
    expect(await terminal.run("docker images -f dangling=true --format '{{.Repository}} {{.Tag}}'")).toBe(
      "<none> <none>",
    );
    await expect.poll(async () => (await pictured()).images.filter(Boolean).length).toBe(1);
    expect(await terminal.run("docker image prune -f")).toMatch(
      /^Deleted Images:\ndeleted: sha256:[0-9a-f]{64}\n(deleted: .*\n)?\nTotal reclaimed space: 4B$/,
    );
    await expect.poll(async () => (await pictured()).images.filter(Boolean).length).toBe(0);
    expect(await terminal.run("docker images -f dangling=true -q")).toBe("");
  });
});
