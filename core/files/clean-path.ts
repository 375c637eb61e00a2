/** The shortest equal path, as Go's path.Clean: "a//b/../c/" is "a/c", "" is ".". */
export function cleanPath(path: string): string {
  const rooted = path.startsWith("/");
  const kept: string[] = [];
  for (const part of path.split("/")) {
    if (part === "" || part === ".") continue;
    if (part !== "..") kept.push(part);
    else if (kept.length > 0 && kept.at(-1) !== "..") kept.pop();
    else if (!rooted) kept.push("..");
  }
  return (rooted ? "/" : "") + kept.join("/") || ".";
}

/** `path` from `directory` when it is relative; clean. */
export const resolvePath = (directory: string, path: string) =>
  path.startsWith("/") ? cleanPath(path) : cleanPath(`/${directory}/${path}`);

/** The last element: "c" of "/a/b/c" and of "/a/b/c/"; "/" of the root. */
export const baseName = (path: string) => path.replace(/\/+$/, "").split("/").pop() || "/";

/** All but the last element, clean: "/a/b" of "/a/b/c", "/" of "/a". */
export const parentPath = (path: string) => cleanPath(path.replace(/[^/]*$/, ""));
