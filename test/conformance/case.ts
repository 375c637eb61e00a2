/** A recorded case: shell commands and what each of them printed.
 *
 * The file: lines that begin with "$ " are commands (continued by lines that begin with "> "), the
 * lines under each are everything it printed (stdout and stderr, in order), then "? N" where its exit
 * status N is not 0. Lines before the first command are the head, a comment. A printed line that looks
 * like one of these marks is written with a backslash in front. */
export interface Case {
  /** The lines before the first command. */
  head: string[];
  steps: Step[];
}

/** One command of a case. */
export interface Step {
  /** The command, with its line breaks. */
  command: string;
  /** The lines that it printed. */
  printed: string[];
  /** Its exit status. */
  status: number;
}

/** Reads the text of a case file. */
export function parseCase(text: string): Case {
  const steps: Step[] = [];
  const head: string[] = [];
  for (const line of text.replace(/\n$/, "").split("\n")) {
    const step = steps.at(-1);
    if (line.startsWith("$ ")) steps.push({ command: line.slice(2), printed: [], status: 0 });
    else if (!step) head.push(line);
    else if (line.startsWith("> ") && step.printed.length === 0) step.command += "\n" + line.slice(2);
    else if (/^\? \d+$/.test(line)) step.status = Number(line.slice(2));
    else step.printed.push(line.startsWith("\\") ? line.slice(1) : line);
  }
  return { head, steps };
}

/** Writes a case as the text of its file. */
export function printCase({ head, steps }: Case): string {
  const out = [...head];
  for (const step of steps) {
    const [first, ...rest] = step.command.split("\n");
    out.push("$ " + first, ...rest.map((line) => "> " + line));
    out.push(...step.printed.map((line) => (/^(\$ |> |\? \d+$|\\)/.test(line) ? "\\" + line : line)));
    if (step.status !== 0) out.push("? " + step.status);
  }
  return out.join("\n") + "\n";
}

/** True where two steps printed the same lines and ended with the same status. */
export function sameStep(one: Step, other: Step | undefined): boolean {
  return one.status === other?.status && one.printed.join("\n") === other.printed.join("\n");
}
