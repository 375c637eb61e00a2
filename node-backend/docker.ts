import { runDocker } from "../core/cli/docker.ts";
import { nodeConsole } from "./console.ts";

process.exit(await runDocker(process.argv.slice(2), nodeConsole()));
