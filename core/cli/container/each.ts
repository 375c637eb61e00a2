import type { Cli } from "../cli.ts";
import { joinErrors } from "../exit.ts";

/** How many containers are worked on at once. */
const parallel = 50;

/**
 * Does `work` to each named container, many at once, and prints the names of those it was done to, in order. What
 * failed is thrown together at the end; `forgive` may print a failure instead and say so by true.
 */
export async function eachContainer(
  cli: Cli,
  names: readonly string[],
  work: (name: string) => Promise<void>,
  forgive: (error: Error) => Promise<boolean> = () => Promise.resolve(false),
): Promise<void> {
  const results = new Map<number, Promise<Error | undefined>>();
  const errors: Error[] = [];
  for (const [at, name] of names.entries()) {
    for (let next = at; next < Math.min(at + parallel, names.length); next++)
      if (!results.has(next)) results.set(next, attempt(work, names[next]!));
    const error = await results.get(at);
    if (!error) await cli.out.line(name);
    else if (!(await forgive(error))) errors.push(error);
  }
  const joined = joinErrors(errors);
  if (joined) throw joined;
}

/** The same, one container after the other. */
export async function eachContainerInTurn(
  cli: Cli,
  names: readonly string[],
  work: (name: string) => Promise<void>,
): Promise<void> {
  const errors: Error[] = [];
  for (const name of names) {
    const error = await attempt(work, name);
    if (error) errors.push(error);
    else await cli.out.line(name);
  }
  const joined = joinErrors(errors);
  if (joined) throw joined;
}

function attempt(work: (name: string) => Promise<void>, name: string): Promise<Error | undefined> {
  return work(name).then(
    () => undefined,
    (error: Error) => error,
  );
}
