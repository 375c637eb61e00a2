/** What `docker COMMAND --help` says apart from its sentences: how the command is used and which flags it takes. */
export interface CommandHelp {
  /** The usage lines, such as "docker run [OPTIONS] IMAGE [COMMAND] [ARG...]". */
  usage: string[];
  /** Other names of the command, its own among them; none where it has only one. */
  aliases: string[];
  /** The commands of a group, by name. */
  commands: string[];
  flags: FlagHelp[];
}

/** One flag of a command. */
export interface FlagHelp {
  name: string;
  shorthand?: string;
  /** What follows the flag: string, list, int, decimal…; nothing for a switch. */
  type?: string;
  /** The default as it is shown, with quotes where it has them. */
  default?: string;
}

/** The help of every recorded command, by its words ("docker container run"). */
export type HelpRecord = Record<string, CommandHelp>;

/** Reads the help that a command printed. Sentences are left out. */
export function parseHelp(text: string): CommandHelp {
  const help: CommandHelp = { usage: [], aliases: [], commands: [], flags: [] };
  let section = "";
  let flagText = "";
  const endFlag = () => {
    const found = /^ +(?:-(\w), )?--([\w-]+)(?: (\S+))?(?:   ?.*)?$/.exec(flagText.split("\n")[0] ?? "");
    if (found) {
      const [, shorthand, name, type] = found;
      const shown = /\(default (.*?)\)(?: |$)/
        .exec(flagText.replace(/\s*\n\s*/g, " "))?.[1]
        // the home of whoever asked
        ?.replace(/^"[^"]*\/\.docker/, '"~/.docker');
      help.flags.push({
        name: name!,
        ...(shorthand ? { shorthand } : {}),
        ...(type ? { type } : {}),
        ...(shown ? { default: shown } : {}),
      });
    }
    flagText = "";
  };
  for (const line of text.split("\n")) {
    const usage = /^Usage: +(.*)$/.exec(line);
    if (usage) {
      help.usage.push(usage[1]!.trimEnd());
      section = "Usage";
    } else if (/^\S.*:$/.test(line)) section = line.slice(0, -1);
    else if (section === "Usage" && line.startsWith("\t")) help.usage.push(line.trim());
    else if (line.trim() === "") {
      if (section === "Usage") section = "";
    } else if (section === "Aliases") help.aliases.push(...line.trim().split(", "));
    else if (/Commands$/.test(section)) {
      const name = /^ {2}([\w-]+)\*? +/.exec(line)?.[1];
      if (name) help.commands.push(name);
    } else if (/Options$/.test(section)) {
      if (/^ {2,6}(-\w, )?--/.test(line)) {
        endFlag();
        flagText = line;
      } else flagText += "\n" + line;
    }
  }
  endFlag();
  return help;
}

/** Where the help of a command is not what Docker's is. */
export interface HelpDifference {
  /** The command's words, with the flag where it is about one: "docker run --cpus". */
  subject: string;
  /** What Docker has, and what was found instead. */
  wanted: string;
  got: string;
}

/** Compares the help of each recorded command with what `helpOf` prints for its words and "--help". */
export async function compareHelp(
  recorded: HelpRecord,
  helpOf: (argv: string[]) => string | Promise<string>,
): Promise<HelpDifference[]> {
  const differences: HelpDifference[] = [];
  for (const [words, wanted] of Object.entries(recorded)) {
    const got = parseHelp(await helpOf([...words.split(" ").slice(1), "--help"]));
    const compare = (subject: string, one: unknown, other: unknown) => {
      const [left, right] = [one, other].map((value) =>
        value === undefined ? "nothing" : JSON.stringify(value),
      );
      if (left !== right) differences.push({ subject, wanted: left!, got: right! });
    };
    compare(words, wanted.usage, got.usage);
    compare(`${words} (aliases)`, wanted.aliases, got.aliases);
    for (const command of wanted.commands)
      if (!got.commands.includes(command)) compare(`${words} ${command}`, command, undefined);
    const names = new Set([...wanted.flags, ...got.flags].map(({ name }) => name));
    for (const name of names) {
      const find = (flags: FlagHelp[]) => flags.find((flag) => flag.name === name);
      compare(`${words} --${name}`, find(wanted.flags), find(got.flags));
    }
  }
  return differences;
}
