import { text } from "../platform/bytes.ts";
import { Cancelled } from "../platform/cancellation.ts";
import type { Cli } from "./cli.ts";

/** Asks `message` and waits for a line; "y" is yes. Ctrl-C ends the command. */
export async function confirm(cli: Cli, message: string): Promise<boolean> {
  await cli.out.write(`${message} [y/N] `);
  return (await answer(cli)).toLowerCase() === "y";
}

/** Asks `message` and resolves to the line that is typed, without the space around it. */
export async function ask(cli: Cli, message: string): Promise<string> {
  await cli.out.write(message);
  return answer(cli);
}

async function answer(cli: Cli, read = readLine): Promise<string> {
  let stop = () => {};
  const stopped = new Promise<never>((_, reject) => {
    stop = cli.cancellation.onCancel(() => reject(new Cancelled("prompt terminated")));
  });
  try {
    return (await Promise.race([read(cli), stopped])).trim();
  } catch (error) {
    if (error instanceof Cancelled) await cli.out.line();
    throw error;
  } finally {
    stop();
  }
}

/** The first line of standard input; what follows it is lost, as it is to docker. */
async function readLine(cli: Cli): Promise<string> {
  let line = "";
  for (;;) {
    const chunk = await cli.console.stdin.read();
    if (!chunk) return line;
    line += text(chunk);
    const end = line.indexOf("\n");
    if (end >= 0) return line.slice(0, end);
  }
}

/** The same without showing what is typed. */
export async function askSecretly(cli: Cli, message: string): Promise<string> {
  await cli.out.write(message);
  const restore = cli.console.terminals.stdin?.raw();
  try {
    return (await answer(cli, readRawLine)).trim();
  } finally {
    restore?.();
  }
}

/** A line typed on a raw terminal, where nobody else minds Backspace and Ctrl-C. */
async function readRawLine(cli: Cli): Promise<string> {
  let line = "";
  for (;;) {
    const chunk = await cli.console.stdin.read();
    if (!chunk) return line;
    for (const character of text(chunk)) {
      if (character === "\r" || character === "\n" || character === "\x04") return line;
      if (character === "\x03") throw new Cancelled("prompt terminated");
      line = character === "\x7f" || character === "\b" ? [...line].slice(0, -1).join("") : line + character;
    }
  }
}
