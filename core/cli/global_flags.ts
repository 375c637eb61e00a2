import { configDirectory } from "./config.ts";
import type { Console } from "./console.ts";
import type { Flags, FlagValues } from "./flags.ts";
import { bool, string } from "./flags/basic.ts";
import { list } from "./flags/lists.ts";

/** The flags that stand before the command: `docker -H tcp://… ps`. */
export function globalFlags(console: Console) {
  const { env } = console;
  const certificates = env["DOCKER_CERT_PATH"] || configDirectory(console);
  return {
    config: string({ usage: "Where the client's configuration lies", default: configDirectory(console) }),
    context: string({
      short: "c",
      usage: 'The context to work in (instead of DOCKER_HOST and of what "docker context use" set)',
    }),
    debug: bool({ short: "D", usage: "Tell more of what is done" }),
    host: list({ short: "H", usage: "The engine's socket to connect to" }),
    "log-level": string({
      short: "l",
      usage: 'How much to log ("debug", "info", "warn", "error", "fatal")',
      default: "info",
    }),
    tls: bool({ usage: "Use TLS (--tlsverify does too)", default: Boolean(env["DOCKER_TLS"]) }),
    tlscacert: string({
      usage: "Trust certificates signed by this authority alone",
      default: `${certificates}/ca.pem`,
    }),
    tlscert: string({ usage: "The client's certificate", default: `${certificates}/cert.pem` }),
    tlskey: string({ usage: "The key of the client's certificate", default: `${certificates}/key.pem` }),
    tlsverify: bool({ usage: "Use TLS and check who answers", default: Boolean(env["DOCKER_TLS_VERIFY"]) }),
    version: bool({ short: "v", usage: "Print the version and end" }),
  };
}

/** Every command has it. */
export const helpFlag = {
  help: bool({ short: "h", shortDeprecated: "use --help", usage: "Print usage", hidden: true }),
};

const withHelp = new WeakMap<Flags, Flags>();

/** The flags of a command and --help. */
export function flagsOf(command: { flags: Flags }): Flags {
  let flags = withHelp.get(command.flags);
  if (!flags) withHelp.set(command.flags, (flags = { ...helpFlag, ...command.flags }));
  return flags;
}

export type GlobalFlagValues = FlagValues<ReturnType<typeof globalFlags> & typeof helpFlag>;
