import { parseImageRef } from "../../oci/reference.ts";
import { text, utf8 } from "../../platform/bytes.ts";
import type { Cli } from "../cli.ts";
import type { AuthEntry, ConfigFile } from "../config.ts";
import { writeConfig } from "../config.ts";
import { byKey } from "../key_values.ts";
import { decodeBase64, encodeBase64 } from "./base64.ts";

/** How one logs in to a registry: registry.AuthConfig of the API. */
export interface AuthConfig {
  username?: string;
  password?: string;
  auth?: string;
  serveraddress?: string;
  identitytoken?: string;
  registrytoken?: string;
}

/** The key under which Docker Hub's credentials are kept. */
export const indexServer = "https://index.docker.io/v1/";

/** The key of a registry's credentials in config.json: its host, Docker Hub's own URL. */
export function credentialsKey(domain: string): string {
  return domain === "docker.io" || domain === "index.docker.io" ? indexServer : domain;
}

/** "localhost:5000" of "http://localhost:5000/v2/". */
export function hostOf(address: string): string {
  const url = /^[a-zA-Z][a-zA-Z0-9+.-]*:\/\/(?:[^/@]*@)?(\[[^\]]*\]|[^/:?#]*)(?::(\d+))?/.exec(address);
  if (url?.[1]) return url[2] ? `${url[1]}:${url[2]}` : url[1].replace(/^\[|\]$/g, "");
  return address.split("/", 1)[0]!;
}

/** What config.json knows for `key`; nothing at all when it knows nothing. Throws for an entry that cannot be read. */
export function storedCredentials(config: ConfigFile, key: string): AuthConfig {
  const auths = config.auths ?? {};
  const own = Object.hasOwn(auths, key) ? auths[key] : undefined;
  if (own) return decoded(own, key);
  // Clients of long ago wrote whole URLs.
  for (const [written, entry] of Object.entries(auths))
    if (hostOf(written) === key) return decoded(entry, written);
  return {};
}

/** Every registry's credentials, by key, as a build sends them. */
export function allCredentials(config: ConfigFile): Record<string, AuthConfig> {
  return Object.fromEntries(
    Object.entries(config.auths ?? {}).map(([key, entry]) => [key, decoded(entry, key)]),
  );
}

function decoded(entry: AuthEntry, serveraddress: string): AuthConfig {
  const { auth, ...rest } = entry;
  if (!auth) return { ...rest, serveraddress };
  const bytes = decodeBase64(auth);
  const plain = bytes ? text(bytes) : "";
  const colon = plain.indexOf(":");
  if (colon < 1) throw new Error("Invalid auth configuration file");
  const credentials = {
    username: plain.slice(0, colon),
    password: plain.slice(colon + 1).replace(/^\0+|\0+$/g, ""),
  };
  return { ...credentials, ...rest, serveraddress };
}

const unencryptedWarning = (path: string) => `
WARNING! Your credentials are stored unencrypted in '${path}'.
Configure a credential helper to remove this warning. See
https://docs.docker.com/go/credential-store/

`;

/** Keeps credentials in config.json, unless they are there already; a password is kept with a warning. */
export async function storeCredentials(cli: Cli, key: string, credentials: AuthConfig): Promise<void> {
  const known = Object.hasOwn(cli.config.auths ?? {}, key) ? cli.config.auths![key] : undefined;
  const { username = "", password = "", identitytoken } = credentials;
  const auth = username || password ? encodeBase64(utf8(`${username}:${password}`)) : "";
  const entry: AuthEntry = { ...(auth ? { auth } : {}), ...(identitytoken ? { identitytoken } : {}) };
  if (known && known.auth === entry.auth && known.identitytoken === entry.identitytoken) return;
  cli.config.auths = byKey({ ...cli.config.auths, [key]: entry });
  try {
    await writeConfig(cli.console, cli.configDirectory, cli.config);
  } catch (error) {
    throw new Error(`Error saving credentials: ${(error as Error).message}`);
  }
  if (password) await cli.err.write(unencryptedWarning(`${cli.configDirectory}/config.json`));
}

/** Forgets the credentials under each of `keys`. */
export async function eraseCredentials(cli: Cli, keys: readonly string[]): Promise<void> {
  const auths = { ...cli.config.auths };
  const known = keys.filter((key) => Object.hasOwn(auths, key));
  if (known.length === 0) return;
  for (const key of known) delete auths[key];
  cli.config.auths = auths;
  await writeConfig(cli.console, cli.configDirectory, cli.config);
}

/** The X-Registry-Auth header for a registry: what config.json knows, as JSON in base64. */
export function registryAuthHeader(config: ConfigFile, domain: string): string {
  return encodeAuth(storedOrNothing(config, credentialsKey(domain)));
}

/** The same for the registry of an image, which may be named as people do. */
export function imageAuthHeader(config: ConfigFile, image: string): string {
  return registryAuthHeader(config, parseImageRef(image).domain);
}

function storedOrNothing(config: ConfigFile, key: string): AuthConfig {
  try {
    return storedCredentials(config, key);
  } catch {
    // docker goes on without credentials that it cannot read.
    return {};
  }
}

/** Credentials as a header carries them. */
export function encodeAuth(credentials: AuthConfig): string {
  const { username, password, auth, serveraddress, identitytoken, registrytoken } = credentials;
  const fields = { username, password, auth, serveraddress, identitytoken, registrytoken };
  return encodeBase64(
    utf8(JSON.stringify(Object.fromEntries(Object.entries(fields).filter(([, value]) => value)))),
    true,
  );
}
