// How control leaves a command otherwise than at its end. They are thrown through the evaluator.

/** `break` or `continue`, out of `levels` loops. */
export class LoopJump extends Error {
  override name = "LoopJump";
  readonly kind: "break" | "continue";
  levels: number;
  constructor(kind: "break" | "continue", levels: number) {
    super(kind);
    this.kind = kind;
    this.levels = levels;
  }
}

/** `return`, out of a function or a sourced file. */
export class FunctionReturn extends Error {
  override name = "FunctionReturn";
  readonly status: number;
  constructor(status: number) {
    super("return");
    this.status = status;
  }
}

/** The shell ends. */
export class ShellExit extends Error {
  override name = "ShellExit";
  readonly status: number;
  constructor(status: number) {
    super("exit");
    this.status = status;
  }
}

/**
 * A mistake that ends a shell that runs a script, and takes an interactive one back to its prompt. Whoever catches
 * it prints `message` (nothing when empty).
 */
export class ShellFailure extends Error {
  override name = "ShellFailure";
  readonly status: number;
  readonly builtin: string | undefined;
  constructor(message: string, status = 2, builtin?: string) {
    super(message);
    this.status = status;
    this.builtin = builtin;
  }
}

/** Ctrl-C at an interactive shell: back to the prompt. */
export class ShellInterrupt extends Error {
  override name = "ShellInterrupt";
}
