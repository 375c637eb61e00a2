import type { Cli } from "../cli.ts";

/** Keeps a terminal of the engine as large as the user's, until the returned function is called. `target` is "/containers/ID" or "/exec/ID". */
export async function followTerminalSize(cli: Cli, target: string): Promise<() => void> {
  const resize = async (): Promise<boolean> => {
    const size = cli.out.terminal?.size();
    return !size || resizeTo(cli, target, size.rows, size.columns);
  };
  let over = false;
  const undo = cli.console.onSignal((signal) => {
    if (signal === "SIGWINCH") void resize();
  });
  if (!(await resize())) void retry();
  return () => {
    over = true;
    undo();
  };

  // The process may not have its terminal yet.
  async function retry(): Promise<void> {
    for (let attempt = 1; attempt <= 10; attempt++) {
      await cli.console.clock.sleep(attempt * 10);
      if (over || (await resize())) return;
    }
    await cli.err.line("failed to resize tty, using default size");
  }
}

/** Tells the engine a terminal's size; whether it took it. */
export async function resizeTo(cli: Cli, target: string, rows: number, columns: number): Promise<boolean> {
  if (rows === 0 && columns === 0) return true;
  try {
    await (await cli.client()).call("POST", `${target}/resize`, { query: { h: rows, w: columns } });
    return true;
  } catch {
    return false;
  }
}
