import type { InodeKind } from "../../files/filesystem.ts";

const letters: Record<InodeKind, string> = {
  file: "-",
  directory: "d",
  symlink: "l",
  character: "c",
  block: "b",
  fifo: "p",
  socket: "s",
};

/** The mode as ls -l shows it: "drwxr-xr-x". */
export function modeText(kind: InodeKind, mode: number): string {
  let text = letters[kind];
  for (const [shift, special, letter] of [
    [6, 0o4000, "s"],
    [3, 0o2000, "s"],
    [0, 0o1000, "t"],
  ] as const) {
    const bits = mode >> shift;
    text += (bits & 4 ? "r" : "-") + (bits & 2 ? "w" : "-");
    if (mode & special) text += bits & 1 ? letter : letter.toUpperCase();
    else text += bits & 1 ? "x" : "-";
  }
  return text;
}

/** The mode after a change such as "755", "u+x,go-w" or "+x"; undefined for what is none. */
export function changeMode(
  mode: number,
  change: string,
  directory: boolean,
  umask: number,
): number | undefined {
  if (/^[0-7]+$/.test(change)) {
    const wanted = parseInt(change, 8);
    // A directory keeps its setgid bit unless the number has five digits or more.
    return directory && change.length < 5 ? wanted | (mode & 0o6000) : wanted;
  }
  let result = mode;
  for (const clause of change.split(",")) {
    const match = /^([ugoa]*)((?:[-+=](?:[ugo]|[rwxXst]*))+)$/.exec(clause);
    if (!match) return undefined;
    const given = match[1]!;
    const who = given === "" || given.includes("a") ? "ugo" : given;
    for (const [, operator, permissions] of match[2]!.matchAll(/([-+=])([ugo]|[rwxXst]*)/g)) {
      let bits = 0;
      let mask = 0;
      for (const each of who) {
        const shift = each === "u" ? 6 : each === "g" ? 3 : 0;
        mask |= (7 << shift) | (each === "u" ? 0o4000 : each === "g" ? 0o2000 : 0);
        bits |= permissionBits(permissions!, result, directory) << shift;
        if (permissions!.includes("s")) bits |= each === "u" ? 0o4000 : each === "g" ? 0o2000 : 0;
      }
      if (permissions!.includes("t")) bits |= 0o1000;
      if (given === "") bits &= ~umask;
      if (operator === "+") result |= bits;
      else if (operator === "-") result &= ~bits;
      else result = (result & ~(given === "" ? 0o777 : mask & 0o777)) | bits;
    }
  }
  return result;
}

function permissionBits(permissions: string, mode: number, directory: boolean): number {
  if (permissions === "u") return (mode >> 6) & 7;
  if (permissions === "g") return (mode >> 3) & 7;
  if (permissions === "o") return mode & 7;
  let bits = 0;
  for (const letter of permissions) {
    if (letter === "r") bits |= 4;
    else if (letter === "w") bits |= 2;
    else if (letter === "x" || (letter === "X" && (directory || mode & 0o111))) bits |= 1;
  }
  return bits;
}
