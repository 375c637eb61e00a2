import type { HttpResponse } from "./http.ts";

/** How a server wants to be asked: one part of WWW-Authenticate. */
export interface Challenge {
  /** Lower case: "bearer", "basic". */
  scheme: string;
  parameters: Readonly<Record<string, string>>;
}

/** The challenges of a 401 (or another refusal); none for an answer without. */
export function responseChallenges(response: Pick<HttpResponse, "headers">): Challenge[] {
  const header = response.headers["www-authenticate"];
  return header ? parseChallenges(header) : [];
}

function parseChallenges(header: string): Challenge[] {
  const challenges: { scheme: string; parameters: Record<string, string> }[] = [];
  const token = /\s*,?\s*([A-Za-z0-9!#$%&'*+.^_`|~-]+)(?:=(?:"((?:[^"\\]|\\.)*)"|([^\s,"]*)))?/y;
  for (let found = token.exec(header); found; found = token.exec(header)) {
    const [, name = "", quoted, bare] = found;
    const value = quoted?.replace(/\\(.)/g, "$1") ?? bare;
    if (value === undefined) challenges.push({ scheme: name.toLowerCase(), parameters: {} });
    else if (challenges.length > 0) challenges.at(-1)!.parameters[name.toLowerCase()] = value;
  }
  return challenges;
}
