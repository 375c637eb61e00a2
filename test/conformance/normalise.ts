/** Replaces in printed lines what differs from run to run; the labels of one case go on counting.
 *
 * Identifiers become <id1>, <id2>… (a short form of a known one keeps its label: <id1:12>), generated
 * names <name1>…, times <time>, durations <duration>, hardware addresses <mac>, the case's directory
 * <cwd>. Where a time was replaced, runs of spaces count as two, since columns follow their widest cell. */
export function normaliser(cwd = ""): (lines: string[]) => string[] {
  const ids: string[] = [];
  const names: string[] = [];
  const label = (list: string[], item: string, prefix: string) => {
    let at = list.indexOf(item);
    if (at < 0) at = list.push(item) - 1;
    return `<${prefix}${at + 1}>`;
  };
  const known = (short: string) => {
    const at = ids.findIndex((id) => id.startsWith(short) || (id.length < 64 && short.startsWith(id)));
    const id = ids[at];
    if (id !== undefined && short.length > id.length) ids[at] = short;
    return at;
  };
  const short = (id: string) => {
    if (known(id) < 0) ids.push(id);
    return `<id${known(id) + 1}:12>`;
  };
  return (lines) => {
    let timed = false;
    const time = (text: string) => {
      timed = true;
      return text;
    };
    const changed = lines.map((line) =>
      (cwd ? line.replaceAll(cwd, "<cwd>") : line)
        .replace(/\b[0-9a-f]{64}\b/g, (id) =>
          known(id) >= 0 ? `<id${known(id) + 1}>` : label(ids, id, "id"),
        )
        .replace(/(?<![\w<:.-])[0-9a-f]{12}(?![\w.-])/g, (id) => (/[0-9]/.test(id) ? short(id) : id))
        .replace(/(?<=sha256:)[0-9a-f]{12}\b/g, short)
        .replace(/\b\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d(\.\d+)?( ?(Z|[+-]\d\d:?\d\d))?( [A-Z]{3})?/g, () =>
          time("<time>"),
        )
        .replace(
          /\b(Less than a second|About an? (minute|hour)|\d+ (second|minute|hour|day|week|month|year)s?)\b/g,
          () => time("<duration>"),
        )
        .replace(/\b[0-9a-f]{2}(:[0-9a-f]{2}){5}\b/g, "<mac>")
        .replace(/\b[a-z]{3,12}_[a-z]{3,14}\b/g, (name) =>
          adjectives.has(name.split("_")[0] ?? "") ? label(names, name, "name") : name,
        ),
    );
    return timed ? changed.map((line) => line.replace(/ {2,}/g, "  ").trimEnd()) : changed;
  };
}

/** The left words of Docker's generated names (adjective_surname), to tell them from other words. */
const adjectives = new Set(
  (
    "admiring adoring affectionate agitated amazing angry awesome beautiful blissful bold boring brave busy charming " +
    "clever compassionate competent condescending confident cool cranky crazy dazzling determined distracted dreamy " +
    "eager ecstatic elastic elated elegant eloquent epic exciting fervent festive flamboyant focused friendly frosty " +
    "funny gallant gifted goofy gracious great happy hardcore heuristic hopeful hungry infallible inspiring intelligent " +
    "interesting jolly jovial keen kind laughing loving lucid magical modest musing mystifying naughty nervous nice " +
    "nifty nostalgic objective optimistic peaceful pedantic pensive practical priceless quirky quizzical recursing " +
    "relaxed reverent romantic sad serene sharp silly sleepy stoic strange stupefied suspicious sweet tender thirsty " +
    "trusting unruffled upbeat vibrant vigilant vigorous wizardly wonderful xenodochial youthful zealous zen"
  ).split(" "),
);
