import { splitVariable } from "../changes.ts";
import { goList } from "../gotext.ts";

/** Known without ARG, and left out of the history. */
const PREDEFINED =
  "HTTP_PROXY http_proxy HTTPS_PROXY https_proxy FTP_PROXY ftp_proxy NO_PROXY no_proxy ALL_PROXY all_proxy".split(
    " ",
  );

/** The variables of ARG and --build-arg, as one stage sees them. */
export class BuildArguments {
  readonly #given: Readonly<Record<string, string | null>>;
  /** Declared before the first stage, with their defaults. */
  readonly #globals: Map<string, string | undefined>;
  /** Declared anywhere in the Dockerfile. */
  readonly #declared: Set<string>;
  readonly #defaults = new Map<string, string | undefined>();

  constructor(
    given: Readonly<Record<string, string | null>>,
    globals = new Map<string, string | undefined>(),
    declared = new Set<string>(),
  ) {
    this.#given = given;
    this.#globals = globals;
    this.#declared = declared;
  }

  /** For the next stage: it knows what stands before the first one, and has to declare it again. */
  stage(): BuildArguments {
    return new BuildArguments(this.#given, this.#globals, this.#declared);
  }

  declare(name: string, value: string | undefined): void {
    this.#defaults.set(name, value);
    this.#declared.add(name);
  }

  declareGlobal(name: string, value: string | undefined): void {
    this.declare(name, value);
    this.#globals.set(name, value);
  }

  /** Every variable that this stage may use. */
  variables(): Map<string, string> {
    return this.#values(this.#defaults);
  }

  /** Every variable that a FROM may use. */
  globals(): Map<string, string> {
    return this.#values(this.#globals);
  }

  /** NAME=value of the variables that `environment` does not have: ENV goes before ARG. */
  beside(environment: readonly string[]): string[] {
    const names = new Set(environment.map((variable) => splitVariable(variable)[0]));
    return [...this.variables()]
      .filter(([name]) => !names.has(name))
      .map(([name, value]) => `${name}=${value}`);
  }

  /**
   * A command as history and cache know it: with the build arguments before it, so that another value is another step
   * ("|1", as no command can begin so). Predefined ones do not count.
   */
  recorded(command: readonly string[], variables: readonly string[]): string[] {
    if (variables.length === 0) return [...command];
    const counted = variables.filter((variable) => {
      const [name] = splitVariable(variable);
      return this.#defaults.has(name) || !PREDEFINED.includes(name);
    });
    return [`|${counted.length}`, ...counted.sort(), ...command];
  }

  /** What to say of --build-arg that no ARG asked for; undefined when there is none. */
  unused(): string | undefined {
    const names = Object.keys(this.#given).filter(
      (name) => !this.#declared.has(name) && !PREDEFINED.includes(name),
    );
    if (names.length === 0) return undefined;
    return `[Warning] One or more build-args ${goList(names.sort())} were not consumed\n`;
  }

  #values(defaults: ReadonlyMap<string, string | undefined>): Map<string, string> {
    const values = new Map<string, string>();
    for (const name of [...defaults.keys(), ...PREDEFINED]) {
      const given = Object.hasOwn(this.#given, name) ? this.#given[name] : undefined;
      const value = given ?? defaults.get(name) ?? this.#globals.get(name);
      if (value !== undefined) values.set(name, value);
    }
    return values;
  }
}
