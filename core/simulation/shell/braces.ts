import type { Word } from "./syntax.ts";

/** bash's brace expansion: the words that `a{b,c}d` or `{1..3}` stand for; the word itself where there is none. */
export function expandBraces(word: Word): Word[] {
  for (const [at, part] of word.entries()) {
    if (part.type !== "literal" || part.quoted || !part.text.includes("{")) continue;
    const found = findBraces(part.text);
    if (!found) continue;
    const results: Word[] = [];
    for (const choice of found.choices) {
      const text = found.before + choice + found.after;
      results.push(...expandBraces([...word.slice(0, at), { ...part, text }, ...word.slice(at + 1)]));
    }
    return results;
  }
  return [word];
}

function findBraces(text: string): { before: string; choices: string[]; after: string } | undefined {
  for (let open = text.indexOf("{"); open >= 0; open = text.indexOf("{", open + 1)) {
    let depth = 0;
    const commas: number[] = [];
    for (let at = open; at < text.length; at++) {
      if (text[at] === "{") depth++;
      else if (text[at] === "," && depth === 1) commas.push(at);
      else if (text[at] === "}" && --depth === 0) {
        const body = text.slice(open + 1, at);
        const around = { before: text.slice(0, open), after: text.slice(at + 1) };
        if (commas.length > 0) {
          const cuts = [open, ...commas, at];
          return { ...around, choices: cuts.slice(1).map((cut, index) => text.slice(cuts[index]! + 1, cut)) };
        }
        const range = rangeOf(body);
        if (range) return { ...around, choices: range };
        break;
      }
    }
  }
  return undefined;
}

function rangeOf(body: string): string[] | undefined {
  const match = /^(?:(-?\d+)\.\.(-?\d+)|([a-zA-Z])\.\.([a-zA-Z]))(?:\.\.(-?\d+))?$/.exec(body);
  if (!match) return undefined;
  const letters = match[3] !== undefined;
  const from = letters ? match[3]!.charCodeAt(0) : Number(match[1]);
  const to = letters ? match[4]!.charCodeAt(0) : Number(match[2]);
  const step = Math.max(Math.abs(Number(match[5] ?? 1)), 1);
  if (Math.abs(to - from) / step > 100_000) return undefined;
  const padded = !letters && [match[1]!, match[2]!].some((end) => /^-?0\d/.test(end));
  const width = padded ? Math.max(match[1]!.length, match[2]!.length) : 0;
  const results: string[] = [];
  for (let at = from; from <= to ? at <= to : at >= to; at += from <= to ? step : -step) {
    if (letters) results.push(String.fromCharCode(at));
    else results.push((at < 0 ? "-" : "") + String(Math.abs(at)).padStart(width - (at < 0 ? 1 : 0), "0"));
  }
  return results;
}
