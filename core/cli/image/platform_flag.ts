import type { Cli } from "../cli.ts";
import { string } from "../flags/basic.ts";

/** --platform, for which DOCKER_DEFAULT_PLATFORM stands in. */
export const platformFlag = string({
  usage: "The platform, where the engine knows several",
  version: "1.32",
});

/** The platform that was asked for by flag or environment; undefined for none. */
export function platformValue(cli: Cli, flag: string): string | undefined {
  return flag || cli.console.env["DOCKER_DEFAULT_PLATFORM"] || undefined;
}
