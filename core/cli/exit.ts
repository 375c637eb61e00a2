/** Ends the command with an exit status; its message, when there is one, goes to standard error. */
export class StatusError extends Error {
  override name = "StatusError";
  readonly status: number;

  constructor(status: number, message = "") {
    super(message);
    this.status = status;
  }
}

/** Several errors as one, a line each (Go's errors.Join). */
export function joinErrors(errors: readonly Error[]): Error | undefined {
  if (errors.length === 0) return undefined;
  return new Error(errors.map((error) => error.message).join("\n"));
}
