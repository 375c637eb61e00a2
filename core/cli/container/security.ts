import { readAll, text as decode } from "../../platform/bytes.ts";
import type { Cli } from "../cli.ts";
import { quote } from "../go/strconv.ts";
import { absolutePath } from "../paths.ts";

/** --security-opt as the engine takes it: a seccomp profile is read from its file, "systempaths" is the client's. */
export async function securityOf(cli: Cli, texts: readonly string[]) {
  const options: string[] = [];
  let unconfinedPaths = false;
  for (const text of texts) {
    const separator = text.includes("=") ? "=" : ":";
    const at = text.indexOf(separator);
    const bare = text === "no-new-privileges";
    const [key, value] = at < 0 || bare ? [text, ""] : [text.slice(0, at), text.slice(at + 1)];
    if (value === "" && key !== "no-new-privileges")
      throw new Error(`Invalid --security-opt: ${quote(text)}`);
    if (text === "systempaths=unconfined") unconfinedPaths = true;
    else if (key === "seccomp" && value !== "builtin" && value !== "unconfined")
      options.push(`seccomp=${await seccompProfile(cli, value)}`);
    else options.push(text);
  }
  return { options: texts.length > 0 ? options : null, unconfinedPaths };
}

async function seccompProfile(cli: Cli, path: string): Promise<string> {
  let content: string;
  try {
    content = decode(await readAll(await cli.console.files.open(absolutePath(cli.console, path))));
  } catch (error) {
    const reason = (error as Error).message.replace(absolutePath(cli.console, path), path);
    throw new Error(`opening seccomp profile (${path}) failed: ${reason}`);
  }
  try {
    return JSON.stringify(JSON.parse(content));
  } catch (error) {
    throw new Error(`compacting json for seccomp profile (${path}) failed: ${(error as Error).message}`);
  }
}
