/** A subcommand: what it is called with follows its name. Resolves to the exit status. */
type Subcommand = (args: string[]) => Promise<number>;

// Each is loaded only when it is asked for: `drydock docker` must start as quickly as docker does.
const subcommands: Record<string, { usage: string; load(): Promise<Subcommand> }> = {
  serve: {
    usage: "serve --engine simulated [--host unix:///PATH | tcp://127.0.0.1:PORT]… [--with DIR]…",
    load: async () => (await import("./serve.ts")).serve,
  },
  docker: {
    usage: "docker COMMAND…",
    load: async () => {
      const [{ runDocker }, { nodeConsole }] = await Promise.all([
        import("../core/cli/docker.ts"),
        import("./console.ts"),
      ]);
      return (args) => runDocker(args, nodeConsole());
    },
  },
  shell: {
    usage: "shell [--with DIR]… [--state DIR] [--log FILE]",
    load: async () => (await import("./shell.ts")).shell,
  },
  replay: { usage: "replay FILE", load: async () => (await import("./replay.ts")).replay },
  page: { usage: "page [--port N]", load: async () => (await import("./page/page.ts")).page },
};

const help = `Drydock: learn Docker by doing it.

Usage:
${Object.values(subcommands)
  .map(({ usage }) => `  drydock ${usage}`)
  .join("\n")}
`;

/** The command `drydock`. */
async function main([name, ...args]: string[]): Promise<number> {
  if (name === undefined || name === "help" || name === "--help" || name === "-h") {
    process.stdout.write(help);
    return 0;
  }
  const subcommand = subcommands[name];
  if (!subcommand) {
    process.stderr.write(`drydock: unknown command: ${name}\n\n${help}`);
    return 2;
  }
  return (await subcommand.load())(args);
}

main(process.argv.slice(2)).then(
  (status) => process.exit(status),
  (error: Error) => {
    process.stderr.write(`drydock: ${error.message}\n`);
    process.exit(1);
  },
);
