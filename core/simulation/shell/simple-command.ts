import { sys } from "../kernel/syscalls.ts";
import { builtins } from "./builtins/builtins.ts";
import type { Builtin } from "./builtins/builtin.ts";
import type { Circumstances } from "./evaluate.ts";
import { evaluate } from "./evaluate.ts";
import { expandText, expandWords } from "./expand.ts";
import { execute, startProgram } from "./external.ts";
import { FunctionReturn, ShellExit, ShellFailure } from "./flow.ts";
import { waitForeground } from "./jobs.ts";
import { RedirectionFailure, applyRedirections, undoRedirections } from "./redirect.ts";
import type { Shell, Steps } from "./shell.ts";
import { plainText } from "./syntax.ts";
import type { Assignment, Command, SimpleCommand, Word } from "./syntax.ts";
import { asAssignment } from "./parser.ts";
import { quoteForTrace } from "./quoting.ts";

const declarations = new Set(["export", "readonly", "local", "declare", "typeset"]);

/** Runs a simple command: assignments, a function, a builtin or a program. */
export function* evaluateSimple(shell: Shell, command: SimpleCommand, how: Circumstances): Steps<number> {
  shell.line = command.line;
  shell.substitutionStatus = undefined;
  const words = yield* expandCommandWords(shell, command.words);
  let name = words[0];
  let functions = true;
  while (name === "command" && words.length > 1 && !/^-[vV]/.test(words[1]!)) {
    words.shift();
    if (words[0] === "-p" || words[0] === "--") words.shift();
    name = words[0];
    functions = false;
  }
  if (name === undefined) return yield* assignOnly(shell, command);
  const userFunction = functions ? shell.functions.get(name) : undefined;
  const builtin = builtins.get(name);
  const special = builtin?.special && shell.dialect !== "bash";
  if (builtin?.special || userFunction || builtin) {
    if (userFunction && !special) return yield* callFunction(shell, command, words, userFunction);
    if (builtin && builtinFits(shell, builtin))
      return yield* callBuiltin(shell, command, words, builtin, functions);
  }
  const environment = yield* temporaryVariables(shell, command.assignments);
  yield* trace(shell, environment, words);
  return yield* callProgram(shell, command, words, environment, how);
}

function builtinFits(shell: Shell, builtin: Builtin): boolean {
  return !builtin.dialects || builtin.dialects.includes(shell.dialect);
}

function* expandCommandWords(shell: Shell, words: readonly Word[]): Steps<string[]> {
  const first = words[0] && plainText(words[0]);
  if (first === undefined || !declarations.has(first)) {
    // `[[` is test without splitting.
    if (first === "[[" && shell.extended) return yield* expandWhole(shell, words);
    return yield* expandWords(shell, words);
  }
  const results: string[] = [];
  for (const word of words) {
    const assignment = asAssignment(word);
    if (assignment) results.push(`${assignment.name}=${yield* expandText(shell, assignment.value, true)}`);
    else results.push(...(yield* expandWords(shell, [word])));
  }
  return results;
}

function* expandWhole(shell: Shell, words: readonly Word[]): Steps<string[]> {
  const results: string[] = [];
  for (const word of words) results.push(yield* expandText(shell, word));
  return results;
}

function* temporaryVariables(shell: Shell, assignments: readonly Assignment[]): Steps<Map<string, string>> {
  const values = new Map<string, string>();
  for (const { name, value, append } of assignments) {
    const text = yield* expandText(shell, value, true);
    values.set(name, append ? (shell.variables.get(name) ?? "") + text : text);
  }
  return values;
}

function* assignOnly(shell: Shell, command: SimpleCommand): Steps<number> {
  const traced = new Map<string, string>();
  for (const { name, value, append } of command.assignments) {
    const text = yield* expandText(shell, value, true);
    assign(shell, name, append ? (shell.variables.get(name) ?? "") + text : text);
    traced.set(name, text);
  }
  yield* trace(shell, traced, []);
  const status = shell.substitutionStatus ?? 0;
  if (command.redirections.length > 0) {
    try {
      yield* undoRedirections(yield* applyRedirections(shell, command.redirections, true));
    } catch (error) {
      return yield* redirectionFailed(shell, error);
    }
  }
  yield* sys.compute();
  return status;
}

export function assign(shell: Shell, name: string, value: string): void {
  shell.variables.set(name, value);
  if (shell.options.has("allexport")) shell.variables.mark(name, { exported: true });
}

function* redirectionFailed(shell: Shell, error: unknown): Steps<number> {
  if (!(error instanceof RedirectionFailure)) throw error;
  yield* shell.complain(error.message);
  return error.status;
}

function* trace(
  shell: Shell,
  environment: ReadonlyMap<string, string>,
  words: readonly string[],
): Steps<void> {
  if (!shell.options.has("xtrace")) return;
  const quote = (text: string) => quoteForTrace(shell.dialect, text);
  const parts = [...[...environment].map(([name, value]) => `${name}=${quote(value)}`), ...words.map(quote)];
  yield* shell.print(2, `${shell.variables.get("PS4") ?? "+ "}${parts.join(" ")}\n`);
}

function* callFunction(shell: Shell, command: SimpleCommand, words: string[], body: Command): Steps<number> {
  const environment = yield* temporaryVariables(shell, command.assignments);
  yield* trace(shell, environment, words);
  let saved;
  try {
    saved = yield* applyRedirections(shell, command.redirections, true);
  } catch (error) {
    return yield* redirectionFailed(shell, error);
  }
  const { positional, loops } = shell;
  if (shell.returnable > 900) throw new ShellFailure(`${words[0]}: maximum function nesting level exceeded`);
  shell.positional = words.slice(1);
  shell.loops = 0;
  shell.returnable++;
  shell.variables.enterFrame();
  for (const [name, value] of environment) {
    shell.variables.localise(name);
    shell.variables.set(name, value);
    shell.variables.mark(name, { exported: true });
  }
  try {
    return yield* evaluate(shell, body);
  } catch (error) {
    if (error instanceof FunctionReturn) return error.status;
    throw error;
  } finally {
    shell.variables.leaveFrame();
    shell.positional = positional;
    shell.loops = loops;
    shell.returnable--;
    yield* undoRedirections(saved);
  }
}

function* callBuiltin(
  shell: Shell,
  command: SimpleCommand,
  words: string[],
  builtin: Builtin,
  direct: boolean,
): Steps<number> {
  const special = builtin.special && direct && shell.dialect !== "bash";
  const environment = yield* temporaryVariables(shell, command.assignments);
  yield* trace(shell, environment, words);
  // Redirections of exec without a command stay.
  const stay = words[0] === "exec";
  let saved;
  try {
    saved = yield* applyRedirections(shell, command.redirections, !stay);
  } catch (error) {
    if (special && error instanceof RedirectionFailure) throw new ShellFailure(error.message, error.status);
    return yield* redirectionFailed(shell, error);
  }
  const before = special ? undefined : shell.variables.save(environment.keys());
  try {
    for (const [name, value] of environment) {
      shell.variables.set(name, value);
      if (!special) shell.variables.mark(name, { exported: true });
    }
    yield* sys.compute();
    return yield* builtin.run(shell, words);
  } catch (error) {
    if (!(error instanceof ShellFailure)) throw error;
    // A mistake in a special builtin ends a script; in another builtin it is just its status.
    if (special || error.builtin === undefined) throw error;
    if (error.message !== "") yield* shell.complain(error.message, error.builtin);
    return error.status;
  } finally {
    if (before) shell.variables.restore(before);
    yield* undoRedirections(saved);
  }
}

function* callProgram(
  shell: Shell,
  command: SimpleCommand,
  words: string[],
  environment: ReadonlyMap<string, string>,
  how: Circumstances,
): Steps<number> {
  if (how.last && shell.traps.size === 0 && !shell.interactive) {
    try {
      yield* applyRedirections(shell, command.redirections, false);
    } catch (error) {
      throw new ShellExit(yield* redirectionFailed(shell, error));
    }
    return yield* execute(shell, words, shell.variables.environment(environment));
  }
  const text = words.join(" ");
  const pid = yield* startProgram(
    shell,
    command.redirections,
    words,
    shell.variables.environment(environment),
  );
  if (typeof pid !== "number") return pid.status;
  return yield* waitForeground(shell, [pid], shell.options.has("monitor") ? pid : undefined, text);
}
