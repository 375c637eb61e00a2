import { readAll, text, utf8 } from "../platform/bytes.ts";
import type { Console } from "./console.ts";
import { FileError } from "./console.ts";
import { decodeBase64 } from "./registry/base64.ts";

/** The user name and password for one registry in config.json; `auth` is base64 of "user:password". */
export interface AuthEntry {
  auth?: string;
  identitytoken?: string;
  registrytoken?: string;
}

/** ~/.docker/config.json as far as this command line reads it; other fields are kept when it is written. */
export interface ConfigFile {
  auths?: Record<string, AuthEntry>;
  HttpHeaders?: Record<string, string>;
  psFormat?: string;
  imagesFormat?: string;
  networksFormat?: string;
  volumesFormat?: string;
  statsFormat?: string;
  pluginsFormat?: string;
  detachKeys?: string;
  currentContext?: string;
  credsStore?: string;
  credHelpers?: Record<string, string>;
  pruneFilters?: string[];
  proxies?: Record<string, Record<string, string>>;
  aliases?: Record<string, string>;
  features?: Record<string, string>;
  [field: string]: unknown;
}

/** Where the configuration lies: --config, DOCKER_CONFIG or ~/.docker. */
export function configDirectory(console: Console, given = ""): string {
  return given || console.env["DOCKER_CONFIG"] || `${console.env["HOME"] || "/root"}/.docker`;
}

/** Reads config.json of `directory`; what cannot be used is told by `warn`, and nothing is configured then. */
export async function readConfig(
  console: Console,
  directory: string,
  warn: (text: string) => void,
): Promise<ConfigFile> {
  const path = `${directory}/config.json`;
  let content: string;
  try {
    content = text(await readAll(await console.files.open(path)));
  } catch (error) {
    if (!(error instanceof FileError) || (error.code !== "ENOENT" && error.code !== "ENOTDIR"))
      warn(`WARNING: Error loading config file: ${(error as Error).message}\n`);
    return {};
  }
  try {
    const config = parse(content);
    if (typeof config !== "object" || config === null || Array.isArray(config))
      throw new Error(
        `json: cannot unmarshal ${Array.isArray(config) ? "array" : typeof config} into Go value of type configfile.ConfigFile`,
      );
    checkCredentials(config as ConfigFile);
    return config as ConfigFile;
  } catch (error) {
    warn(`WARNING: Error parsing config file (${path}): ${(error as Error).message}\n`);
    return {};
  }
}

function parse(content: string): unknown {
  try {
    return JSON.parse(content);
  } catch (error) {
    // Go's words for a file that was cut off.
    const open = content.replace(/"(\\.|[^"\\])*"/g, "").replace(/[^[\]{}]/g, "");
    const depth = [...open].reduce((sum, bracket) => sum + ("[{".includes(bracket) ? 1 : -1), 0);
    throw depth > 0 ? new Error("unexpected EOF") : error;
  }
}

/** Throws for a user name and password that cannot be read. */
function checkCredentials(config: ConfigFile): void {
  for (const { auth } of Object.values(config.auths ?? {})) {
    if (!auth) continue;
    const decoded = decodeBase64(auth);
    if (!decoded)
      throw new Error(`illegal base64 data at input byte ${Math.max(auth.search(/[^A-Za-z0-9+/]/), 0)}`);
    if (!text(decoded).includes(":")) throw new Error("invalid auth configuration file");
  }
}

/** Writes config.json as docker does: tab-indented, readable by its owner alone, replaced in one step. */
export async function writeConfig(console: Console, directory: string, config: ConfigFile): Promise<void> {
  await makeDirectories(console, directory, 0o700);
  const path = `${directory}/config.json`;
  const aside = `${path}${console.clock.now() % 1_000_000_000n}`;
  const { sink, closed } = await console.files.create(aside, 0o600);
  await sink.write(utf8(JSON.stringify({ auths: {}, ...config }, null, "\t")));
  sink.close();
  await closed;
  await console.files.rename(aside, path);
}

/** mkdir -p. */
export async function makeDirectories(console: Console, path: string, mode: number): Promise<void> {
  try {
    await console.files.mkdir(path, mode);
  } catch (error) {
    const code = error instanceof FileError ? error.code : "";
    if (code === "EEXIST") return;
    const above = path.slice(0, path.lastIndexOf("/"));
    if (code !== "ENOENT" || above === "") throw error;
    await makeDirectories(console, above, mode);
    await console.files.mkdir(path, mode);
  }
}
