import type { ApiHandler } from "./call.ts";

/** One path of the API. `path` has no version; `{name}` matches one element, `{name:.*}` anything, slashes too. */
export interface Route {
  method: "GET" | "HEAD" | "POST" | "PUT" | "DELETE" | "OPTIONS";
  path: string;
  handler: ApiHandler;
  /** The API version that it came with; older requests do not find it. */
  since?: string;
}

/** A route that a request's path matched, and what its `{…}` stood for. */
export interface Match {
  route: Route;
  params: Record<string, string>;
}

/** Finds the route of a path. The first of the list that matches wins. */
export class Router {
  readonly #byMethod = new Map<string, { route: Route; pattern: RegExp; names: string[] }[]>();

  constructor(routes: readonly Route[]) {
    for (const route of routes) {
      const names: string[] = [];
      const pattern = route.path.replace(
        /\{(\w+)(:\.\*)?\}|[.*+?^$()|[\]\\]/g,
        (part, name?: string, any?: string) => {
          if (name === undefined) return `\\${part}`;
          names.push(name);
          return any ? "(.*)" : "([^/]+)";
        },
      );
      const compiled = { route, pattern: new RegExp(`^${pattern}$`), names };
      const list = this.#byMethod.get(route.method);
      if (list) list.push(compiled);
      else this.#byMethod.set(route.method, [compiled]);
    }
  }

  /** The route of a method and a path without its version; undefined when there is none: Docker's "page not found". */
  match(method: string, path: string): Match | undefined {
    for (const { route, pattern, names } of this.#byMethod.get(method) ?? []) {
      const found = pattern.exec(path);
      if (!found) continue;
      const params: Record<string, string> = {};
      names.forEach((name, at) => (params[name] = decodePath(found[at + 1]!)));
      return { route, params };
    }
    return undefined;
  }
}

function decodePath(encoded: string): string {
  try {
    return decodeURIComponent(encoded);
  } catch {
    return encoded;
  }
}
