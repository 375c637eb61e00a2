import { spawn, type ChildProcess } from "node:child_process";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { chromium, type Browser, type Page } from "playwright-core";
import { root } from "../architecture/sources.ts";

export const chromiumPath = ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"].find(
  existsSync,
);

/** The page as `npm start` serves it, in a headless browser. */
export interface Opened {
  browser: Browser;
  address: string;
  close(): Promise<void>;
}

/** Serves dist/web on a free port and starts chromium. */
export async function openBrowser(): Promise<Opened> {
  const server = spawn(process.execPath, [join(root, "dist/drydock"), "page", "--port", "0"], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  const address = await addressOf(server);
  const sandbox = process.getuid?.() === 0 ? ["--no-sandbox"] : [];
  const browser = await chromium.launch({
    executablePath: chromiumPath!,
    args: [
      ...sandbox,
      "--disable-gpu",
      "--disable-quic",
      "--no-first-run",
      "--disable-background-networking",
      "--disable-component-update",
      "--disable-sync",
    ],
  });
  return {
    browser,
    address,
    async close() {
      await browser.close();
      server.kill();
    },
  };
}

function addressOf(server: ChildProcess): Promise<string> {
  return new Promise((resolve, reject) => {
    let said = "";
    server.stdout!.on("data", (chunk) => {
      said += chunk;
      const address = /http:\/\/\S+/.exec(said);
      if (address) resolve(address[0]);
    });
    server.on("exit", (status) => reject(new Error(`drydock page ended with ${status}: ${said}`)));
  });
}

/** The machine's terminal in a page. */
export class PageTerminal {
  readonly page: Page;

  constructor(page: Page) {
    this.page = page;
  }

  /** Everything that is on the screen and above it. */
  async text(): Promise<string> {
    return this.page.evaluate(() =>
      (document.querySelector(".terminal") as unknown as { printed(): string }).printed(),
    );
  }

  /** Waits for a prompt on the last line. */
  async prompt(): Promise<void> {
    await this.page.waitForFunction(
      () => {
        const shown = document.querySelector(".terminal") as unknown as { printed?(): string } | null;
        return /[#$] $/.test(shown?.printed?.() ?? "");
      },
      undefined,
      { timeout: 30_000 },
    );
  }

  /** Types a command line and returns what it printed. */
  async run(command: string): Promise<string> {
    await this.prompt();
    const before = (await this.text()).length;
    await this.page.locator(".xterm-helper-textarea").focus();
    await this.page.keyboard.type(command);
    await this.page.keyboard.press("Enter");
    await this.page.waitForFunction(
      (length) => {
        const printed = (document.querySelector(".terminal") as unknown as { printed(): string }).printed();
        return printed.length > length + 1 && /\n.*[#$] $/.test(printed.slice(length));
      },
      before,
      { timeout: 60_000 },
    );
    const lines = (await this.text()).slice(before).split("\n");
    return lines.slice(1, -1).join("\n");
  }
}
