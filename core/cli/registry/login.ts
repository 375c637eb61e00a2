import { ApiError } from "../../client/errors.ts";
import { readAll, text } from "../../platform/bytes.ts";
import type { Cli } from "../cli.ts";
import { command, maximum } from "../command.ts";
import { ask, askSecretly } from "../confirm.ts";
import { bool, string } from "../flags/basic.ts";
import { noteText } from "../progress/note.ts";
import type { AuthConfig } from "./credentials.ts";
import { hostOf, indexServer, storeCredentials, storedCredentials } from "./credentials.ts";

/** docker login. */
export const login = command({
  usage: "login [OPTIONS] [SERVER]",
  short: "Log in to a registry",
  long: "Log in to a registry.\nWithout a server, to Docker Hub.",
  commonRank: 8,
  flags: {
    username: string({ short: "u", usage: "User name" }),
    password: string({ short: "p", usage: "Password or personal access token" }),
    "password-stdin": bool({ usage: "Read the password from stdin" }),
  },
  arguments: maximum(1),
  async run(cli, [server = ""], flags, { changed }) {
    checkFlags(flags, changed);
    const given = { username: flags.username, password: flags.password };
    if (given.password !== "")
      await cli.err.line("WARNING! Using --password via the CLI is insecure. Use --password-stdin.");
    if (flags["password-stdin"]) {
      if (given.username === "") throw new Error("username is empty");
      given.password = text(await readAll(cli.console.stdin))
        .replace(/\n$/, "")
        .replace(/\r$/, "");
    }
    const address = server === "" || server === "docker.io" ? indexServer : hostOf(server);
    const known =
      given.username === "" && given.password === "" ? storedCredentials(cli.config, address) : {};
    const stored: AuthConfig = { ...known, serveraddress: address };
    delete stored.identitytoken;
    const status =
      (stored.username && stored.password ? await loginWithStored(cli, stored) : undefined) ??
      (await loginAs(cli, given, stored.username ?? "", address));
    if (status !== "") await cli.out.line(status);
  },
});

function checkFlags(flags: { username: string; password: string }, changed: ReadonlySet<string>): void {
  if (changed.has("password-stdin")) {
    if (changed.has("password"))
      throw new Error("conflicting options: cannot specify both --password and --password-stdin");
    if (!changed.has("username"))
      throw new Error("the --password-stdin option requires --username to be set");
  }
  if (changed.has("username") && flags.username === "") throw new Error("username is empty");
  if (changed.has("password") && flags.password === "") throw new Error("password is empty");
}

/** Tries what config.json knows; undefined when the registry takes it no more. */
async function loginWithStored(cli: Cli, credentials: AuthConfig): Promise<string | undefined> {
  await cli.err.line(`Authenticating with existing credentials... [Username: ${credentials.username}]`);
  await cli.err.write(
    `${noteText("To login with a different account, run 'docker logout' followed by 'docker login'", cli.err)}\n\n`,
  );
  try {
    return await authenticate(cli, credentials);
  } catch (error) {
    const refused = error instanceof ApiError && error.status === 401;
    await cli.err.line(
      refused
        ? "Stored credentials invalid or expired"
        : `Login did not succeed, error: ${(error as Error).message}`,
    );
    return undefined;
  }
}

async function loginAs(
  cli: Cli,
  given: { username: string; password: string },
  known: string,
  address: string,
): Promise<string> {
  if ((given.username === "" || given.password === "") && !cli.console.terminals.stdin) {
    throw new Error("Error: Cannot perform an interactive login from a non TTY device");
  }
  const username = given.username.trim() || (await askUsername(cli, known.trim(), address));
  const password = given.password.trim() || (await askPassword(cli, address));
  return authenticate(cli, { username, password, serveraddress: address });
}

const registerHint =
  "Log in with your Docker ID or email address to push and pull images from Docker Hub. If you don't have a Docker ID, head over to https://hub.docker.com/ to create one.";
const tokenHint =
  "You can log in with your password or a Personal Access Token (PAT). Using a limited-scope PAT grants better security and is required for organizations using SSO. Learn more at https://docs.docker.com/go/access-tokens/";

async function askUsername(cli: Cli, known: string, address: string): Promise<string> {
  if (address === indexServer) await cli.out.write(`${registerHint}\n${tokenHint}\n\n`);
  const username = (await ask(cli, known ? `Username (${known}): ` : "Username: ")) || known;
  if (username === "") throw new Error("Error: Non-null Username Required");
  return username;
}

async function askPassword(cli: Cli, address: string): Promise<string> {
  if (address === indexServer) {
    const note =
      "A Personal Access Token (PAT) can be used instead.\nTo create a PAT, visit \x1b[4mhttps://app.docker.com/settings\x1b[0m\n\n";
    await cli.err.write(noteText(note, cli.err));
  }
  const password = await askSecretly(cli, "Password: ");
  await cli.out.line();
  if (password === "") throw new Error("Error: Password Required");
  return password;
}

/** Asks the engine to log in, and keeps what it was given: a token, when the registry gave one. */
async function authenticate(cli: Cli, credentials: AuthConfig): Promise<string> {
  const client = await cli.client();
  const answer = await client.json<{ Status: string; IdentityToken?: string }>("POST", "/auth", {
    body: credentials,
  });
  const { serveraddress = "" } = credentials;
  const kept = answer.IdentityToken
    ? { username: credentials.username, identitytoken: answer.IdentityToken }
    : credentials;
  await storeCredentials(cli, serveraddress, kept);
  return answer.Status;
}
