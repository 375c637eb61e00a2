import { command, none } from "../command.ts";

/** docker context show. */
export const contextShow = command({
  usage: "show",
  short: "Print the name of the current context",
  flags: {},
  arguments: none,
  run: (cli) => cli.out.line(cli.currentContext),
});
