import { fullName, fullRef, parseImageRef, withDefaultTag } from "../../oci/reference.ts";
import type { Cli } from "../cli.ts";
import { command, exact } from "../command.ts";
import { bool, string } from "../flags/basic.ts";
import { parsePlatform } from "../platform.ts";
import { displayMessages } from "../progress/messages.ts";
import { noteText } from "../progress/note.ts";
import { nowhere } from "../progress/nowhere.ts";
import { imageAuthHeader } from "../registry/credentials.ts";
import { checkContentTrust, disableContentTrust } from "./content_trust.ts";

const platformNote = `Using --platform pushes only the specified platform manifest of a multi-platform image index.
Other components, like attestations, will not be included.
To push the complete multi-platform image, remove the --platform flag.
`;

/** docker push, docker image push. */
export const push = command({
  usage: "push [OPTIONS] NAME[:TAG]",
  aliasLine: "docker image push, docker push",
  short: "Upload an image to a registry",
  commonRank: 6,
  flags: {
    "all-tags": bool({ short: "a", usage: "Push all tags of the repository" }),
    quiet: bool({ short: "q", usage: "Show no progress" }),
    "disable-content-trust": disableContentTrust,
    platform: string({
      usage: `Push the manifest for this platform alone, without the index and
what else belongs to it.
'os[/arch[/variant]]': the platform (such as linux/amd64)`,
      version: "1.46",
    }),
  },
  arguments: exact(1),
  async run(cli, [remote = ""], flags) {
    checkContentTrust(flags["disable-content-trust"]);
    const platform = flags.platform ? await pushedPlatform(cli, flags.platform) : undefined;
    const named = parseImageRef(remote);
    const all = flags["all-tags"];
    const nameOnly = !named.tag && !named.digest;
    if (all && !nameOnly) throw new Error("tag can't be used with --all-tags/-a");
    const imageRef = all ? named : withDefaultTag(named);
    if (!all && nameOnly && !flags.quiet) await cli.out.line("Using default tag: latest");
    const client = await cli.client();
    if (imageRef.digest) throw new Error("cannot push a digest reference");
    const response = await client.request("POST", `/images/${fullName(imageRef)}/push`, {
      query: { tag: all ? undefined : imageRef.tag, platform: platform && JSON.stringify(platform) },
      headers: { "x-registry-auth": imageAuthHeader(cli.config, remote) },
    });
    const notes: string[] = [];
    try {
      await displayMessages(response.body, flags.quiet ? nowhere : cli.out, cli.console.clock, (aux) =>
        notes.push(...notesOf(aux)),
      );
      if (flags.quiet) await cli.out.line(fullRef(imageRef));
    } finally {
      for (const note of notes) await cli.out.write(noteText(note, cli.out));
    }
  },
});

async function pushedPlatform(cli: Cli, specifier: string) {
  let platform;
  try {
    platform = parsePlatform(specifier, cli.console.platform);
  } catch (error) {
    await cli.err.write(`Invalid platform ${specifier}`);
    throw error;
  }
  await cli.out.write(noteText(platformNote, cli.out));
  return platform;
}

/** What is worth telling after a push of an image that has several platforms. */
function notesOf(aux: unknown): string[] {
  const told = aux as {
    manifestPushedInsteadOfIndex?: boolean;
    originalIndex?: { digest?: string };
    selectedManifest?: { digest?: string };
    contentMissing?: boolean;
  };
  const notes: string[] = [];
  if (told.manifestPushedInsteadOfIndex) {
    notes.push(
      "Not all multiplatform-content is present and only the available single-platform image was pushed\n" +
        `\x1b[31m${told.originalIndex?.digest}\x1b[0m -> \x1b[32m${told.selectedManifest?.digest}\x1b[0m`,
    );
  }
  if (told.contentMissing) {
    notes.push(`You're trying to push a manifest list/index which 
				references multiple platform specific manifests, but not all of them are available locally
				or available to the remote repository.

				Make sure you have all the referenced content and try again.

				You can also push only a single platform specific manifest directly by specifying the platform you want to push with the --platform flag.`);
  }
  return notes;
}
