import { sys } from "../kernel/syscalls.ts";
import { readToEnd } from "../kernel/io.ts";
import { decodeText } from "./characters.ts";
import { expandPattern, expandText, expandWords } from "./expand.ts";
import { LoopJump, ShellExit, ShellFailure, ShellInterrupt } from "./flow.ts";
import { addJob, reapJobs, waitForeground } from "./jobs.ts";
import { matchesPattern } from "./pattern.ts";
import { Parser } from "./parser.ts";
import { RedirectionFailure, applyRedirections, undoRedirections } from "./redirect.ts";
import type { Shell, Steps } from "./shell.ts";
import { evaluateSimple } from "./simple-command.ts";
import { ShellSource } from "./source.ts";
import { fork } from "./subshell.ts";
import { ShellSyntaxError } from "./syntax.ts";
import type { Command, CompoundBody, CompoundCommand, Pipeline, Sequence } from "./syntax.ts";
import { syntaxMessage } from "./dialect.ts";
import { runPendingTraps } from "./traps.ts";
import { parserFor } from "./parser-options.ts";

export interface Circumstances {
  /** Nothing comes after this command in this process: a program may take its place. */
  last?: boolean;
  /** Its status is being asked for (if, while, &&, ||, !): `set -e` does not count. */
  tested?: boolean;
}

/** Runs a command; returns its status, which is also put into $?. */
export function* evaluate(shell: Shell, command: Command, how: Circumstances = {}): Steps<number> {
  if (shell.pending.length > 0) yield* runPendingTraps(shell);
  if (shell.interrupted) throw new ShellInterrupt();
  const status = yield* dispatch(shell, command, how);
  shell.status = status;
  if (shell.pending.length > 0) yield* runPendingTraps(shell);
  if (shell.interrupted) throw new ShellInterrupt();
  const counts =
    command.type === "simple" ||
    command.type === "pipeline" ||
    (command.type === "compound" && command.body.type === "subshell");
  const negated = command.type === "pipeline" && command.negated;
  if (status !== 0 && counts && !negated && !how.tested && shell.options.has("errexit"))
    throw new ShellExit(status);
  return status;
}

function dispatch(shell: Shell, command: Command, how: Circumstances): Steps<number> {
  switch (command.type) {
    case "simple":
      return evaluateSimple(shell, command, how);
    case "pipeline":
      return evaluatePipeline(shell, command, how);
    case "compound":
      return evaluateCompound(shell, command, how);
    case "and":
    case "or":
      return evaluateAndOr(shell, command, how);
    case "function":
      return defineFunction(shell, command);
  }
}

function* defineFunction(shell: Shell, command: Extract<Command, { type: "function" }>): Steps<number> {
  shell.functions.set(command.name, command.body);
  yield* sys.compute();
  return 0;
}

function* evaluateAndOr(
  shell: Shell,
  command: Extract<Command, { type: "and" | "or" }>,
  how: Circumstances,
): Steps<number> {
  const left = yield* evaluate(shell, command.left, { tested: true });
  if ((left === 0) !== (command.type === "and")) return left;
  return yield* evaluate(shell, command.right, how);
}

export function* evaluateSequence(shell: Shell, sequence: Sequence, how: Circumstances = {}): Steps<number> {
  let status = 0;
  const { commands } = sequence;
  for (let at = 0; at < commands.length; at++) {
    const { command, background, text } = commands[at]!;
    if (background) status = shell.status = yield* startBackground(shell, command, text);
    else
      status = yield* evaluate(
        shell,
        command,
        at === commands.length - 1 ? how : how.tested ? { tested: true } : {},
      );
  }
  return status;
}

function* startBackground(shell: Shell, command: Command, text: string): Steps<number> {
  yield* reapJobs(shell);
  const controlled = shell.options.has("monitor");
  let pids: number[];
  if (command.type === "pipeline" && !command.negated) pids = yield* startPipeline(shell, command, true);
  else {
    const group = controlled ? 0 : undefined;
    pids = [
      yield* fork(shell, { group, background: true }, (child) => evaluate(child, command, { last: true })),
    ];
  }
  shell.backgroundPid = pids.at(-1);
  const job = addJob(shell, pids, controlled ? pids[0] : undefined, text);
  if (shell.interactive && shell.dialect === "bash")
    yield* shell.print(2, `[${job.id}] ${job.pids.at(-1)}\n`);
  return 0;
}

function* evaluatePipeline(shell: Shell, pipeline: Pipeline, how: Circumstances): Steps<number> {
  const began = pipeline.timed ? yield* sys.clock("monotonic") : 0n;
  let status: number;
  if (pipeline.commands.length === 1) {
    status = yield* evaluate(
      shell,
      pipeline.commands[0]!,
      pipeline.negated || how.tested ? { tested: true } : {},
    );
  } else {
    const pids = yield* startPipeline(shell, pipeline, false);
    status = yield* waitForeground(
      shell,
      pids,
      shell.options.has("monitor") ? pids[0] : undefined,
      pipeline.text,
    );
  }
  if (pipeline.timed) yield* tellTime(shell, began);
  return pipeline.negated ? (status === 0 ? 1 : 0) : status;
}

function* tellTime(shell: Shell, began: bigint): Steps<void> {
  const taken = Number((yield* sys.clock("monotonic")) - began) / 1e9;
  const format = (seconds: number) => `${Math.floor(seconds / 60)}m${(seconds % 60).toFixed(3)}s`;
  yield* shell.print(2, `\nreal\t${format(taken)}\nuser\t${format(0)}\nsys\t${format(0)}\n`);
}

/** Starts a pipeline's processes, each reading what the one before writes. */
function* startPipeline(shell: Shell, pipeline: Pipeline, background: boolean): Steps<number[]> {
  const pids: number[] = [];
  const controlled = shell.options.has("monitor");
  let input: number | undefined;
  for (const [at, command] of pipeline.commands.entries()) {
    const pipe = at < pipeline.commands.length - 1 ? yield* sys.pipe() : undefined;
    const from = input;
    const group = controlled ? (pids[0] ?? 0) : undefined;
    const options = { group, foreground: !background && at === 0, background: background && at === 0 };
    const pid = yield* fork(shell, options, function* (child) {
      if (from !== undefined) {
        yield* sys.dup2(from, 0);
        yield* sys.close(from);
      }
      if (pipe) {
        yield* sys.close(pipe.read);
        yield* sys.dup2(pipe.write, 1);
        yield* sys.close(pipe.write);
      }
      return yield* evaluate(child, command, { last: true });
    });
    pids.push(pid);
    if (from !== undefined) yield* sys.close(from);
    if (pipe) yield* sys.close(pipe.write);
    input = pipe?.read;
  }
  return pids;
}

function* evaluateCompound(shell: Shell, command: CompoundCommand, how: Circumstances): Steps<number> {
  const { body, redirections } = command;
  shell.line = command.line;
  if (body.type === "subshell") {
    const group = shell.options.has("monitor") ? 0 : undefined;
    const pid = yield* fork(shell, { group, foreground: true }, function* (child) {
      try {
        yield* applyRedirections(child, redirections, false);
      } catch (error) {
        if (error instanceof ShellFailure) throw new ShellFailure(error.message, error.status);
        throw error;
      }
      return yield* evaluateSequence(child, body.body, { last: true });
    });
    return yield* waitForeground(shell, [pid], group === undefined ? undefined : pid, "(...)");
  }
  if (redirections.length === 0) return yield* evaluateBody(shell, body, how);
  let saved;
  try {
    saved = yield* applyRedirections(shell, redirections, true);
  } catch (error) {
    if (!(error instanceof RedirectionFailure)) throw error;
    yield* shell.complain(error.message);
    return error.status;
  }
  try {
    return yield* evaluateBody(shell, body, how.tested ? { tested: true } : {});
  } finally {
    yield* undoRedirections(saved);
  }
}

function* evaluateBody(shell: Shell, body: CompoundBody, how: Circumstances): Steps<number> {
  switch (body.type) {
    case "subshell":
    case "group":
      return yield* evaluateSequence(shell, body.body, how);
    case "if":
      for (const clause of body.clauses) {
        if ((yield* evaluateSequence(shell, clause.condition, { tested: true })) === 0) {
          return yield* evaluateSequence(shell, clause.body, how);
        }
      }
      return body.otherwise ? yield* evaluateSequence(shell, body.otherwise, how) : 0;
    case "while":
      return yield* loop(shell, function* () {
        const condition = yield* evaluateSequence(shell, body.condition, { tested: true });
        return (condition === 0) !== body.until;
      }, body.body, how);
    case "for": {
      const values = body.words ? yield* expandWords(shell, body.words) : [...shell.positional];
      let at = 0;
      return yield* loop(shell, function* () {
        if (at === values.length) return false;
        shell.variables.set(body.variable, values[at++]!);
        yield* sys.compute();
        return true;
      }, body.body, how);
    }
    case "case":
      return yield* evaluateCase(shell, body, how);
  } // prettier-ignore
}

function* evaluateCase(
  shell: Shell,
  body: Extract<CompoundBody, { type: "case" }>,
  how: Circumstances,
): Steps<number> {
  const text = yield* expandText(shell, body.word);
  let through = false;
  let status = 0;
  for (const clause of body.clauses) {
    let matches = through;
    for (const pattern of matches ? [] : clause.patterns) {
      if (matchesPattern(yield* expandPattern(shell, pattern), text)) {
        matches = true;
        break;
      }
    }
    if (!matches) continue;
    status = yield* evaluateSequence(shell, clause.body, how);
    if (clause.next === ";;") return status;
    through = true;
  }
  return status;
}

function* loop(shell: Shell, again: () => Steps<boolean>, body: Sequence, how: Circumstances): Steps<number> {
  let status = 0;
  shell.loops++;
  const inner: Circumstances = how.tested ? { tested: true } : {};
  try {
    for (;;) {
      try {
        if (!(yield* again())) return status;
        status = yield* evaluateSequence(shell, body, inner);
      } catch (error) {
        if (!(error instanceof LoopJump)) throw error;
        status = 0;
        if (--error.levels > 0 && shell.loops > 1) throw error;
        if (error.kind === "break") return 0;
      }
    }
  } finally {
    shell.loops--;
  }
}

/** What a command writes, without the newlines at its end. */
export function* substituteCommand(shell: Shell, body: Sequence): Steps<string> {
  const pipe = yield* sys.pipe();
  const pid = yield* fork(shell, {}, function* (child) {
    yield* sys.close(pipe.read);
    yield* sys.dup2(pipe.write, 1);
    yield* sys.close(pipe.write);
    return yield* evaluateSequence(child, body, { last: true });
  });
  yield* sys.close(pipe.write);
  const output = yield* readToEnd(pipe.read);
  yield* sys.close(pipe.read);
  const terminal = shell.terminal;
  shell.terminal = undefined;
  shell.substitutionStatus = yield* waitForeground(shell, [pid], undefined, "");
  shell.terminal = terminal;
  return decodeText(output).replace(/\0/g, "").replace(/\n+$/, "");
}

/** Runs shell text: of eval, -c, traps, sourced files. */
export function* evaluateText(shell: Shell, text: string, how: Circumstances = {}): Steps<number> {
  const source = new ShellSource(text, true);
  const parser: Parser = parserFor(shell, source);
  let status = 0;
  try {
    let sequence = parser.parseLine();
    while (sequence) {
      // Whether anything follows decides whether the last command may replace the shell.
      const current: Sequence = sequence;
      const ended = /^\s*$/.test(source.text.slice(source.at));
      if (!shell.options.has("noexec"))
        status = yield* evaluateSequence(shell, current, ended ? how : how.tested ? { tested: true } : {});
      sequence = parser.parseLine();
    }
  } catch (error) {
    if (error instanceof ShellSyntaxError) throw yield* syntaxFailure(shell, error);
    throw error;
  }
  return status;
}

/** Tells of a mistake in the text; the failure that then ends the script. */
export function* syntaxFailure(shell: Shell, error: ShellSyntaxError): Steps<ShellFailure> {
  const { name, line, interactive, input } = shell;
  yield* shell.print(2, syntaxMessage(shell.dialect, error, { name, line, interactive, input }));
  return new ShellFailure("", 2);
}
