import { ShellFailure } from "./flow.ts";
import type { DialectName } from "./dialect.ts";

export interface Variable {
  value: string | undefined;
  exported: boolean;
  readonly: boolean;
}

/** The variables of a shell, with the frames that `local` needs. */
export class Variables {
  #all = new Map<string, Variable>();
  #frames: Map<string, Variable | undefined>[] = [];
  readonly #dialect: DialectName;
  /** Called when a variable was set or unset that the shell itself uses. */
  onChange: (name: string) => void = () => {};

  constructor(dialect: DialectName) {
    this.#dialect = dialect;
  }

  copy(): Variables {
    const copy = new Variables(this.#dialect);
    for (const [name, variable] of this.#all) copy.#all.set(name, { ...variable });
    copy.#frames = this.#frames.map((frame) => new Map(frame));
    return copy;
  }

  get(name: string): string | undefined {
    return this.#all.get(name)?.value;
  }

  lookup(name: string): Variable | undefined {
    return this.#all.get(name);
  }

  set(name: string, value: string): void {
    const variable = this.#all.get(name);
    if (!variable) this.#all.set(name, { value, exported: false, readonly: false });
    else {
      this.#check(name, variable);
      variable.value = value;
    }
    this.onChange(name);
  }

  /** Sets what is given, making the variable if there is none. */
  mark(name: string, marks: { exported?: boolean; readonly?: boolean }): void {
    const variable = this.#all.get(name) ?? { value: undefined, exported: false, readonly: false };
    this.#all.set(name, Object.assign(variable, marks));
  }

  unset(name: string): void {
    const variable = this.#all.get(name);
    if (!variable) return;
    this.#check(name, variable);
    this.#all.delete(name);
    this.onChange(name);
  }

  names(): string[] {
    return [...this.#all.keys()];
  }

  /** "NAME=value" of the exported ones, `extra` over them, in the order in which the shell hands them on. */
  environment(extra?: ReadonlyMap<string, string>): string[] {
    const names = [...this.#all]
      .filter(([, { value, exported }]) => exported && value !== undefined)
      .map(([name]) => name);
    for (const name of extra?.keys() ?? []) if (!names.includes(name)) names.push(name);
    if (this.#dialect !== "bash") names.sort((a, b) => bucket(a) - bucket(b));
    return names.map((name) => `${name}=${extra?.get(name) ?? this.#all.get(name)!.value}`);
  }

  enterFrame(): void {
    this.#frames.push(new Map());
  }

  leaveFrame(): void {
    for (const [name, variable] of this.#frames.pop() ?? []) {
      if (variable) this.#all.set(name, variable);
      else this.#all.delete(name);
      this.onChange(name);
    }
  }

  get inFrame(): boolean {
    return this.#frames.length > 0;
  }

  /** Makes `name` local to the innermost frame; its value is kept, as ash and dash do. */
  localise(name: string): void {
    const frame = this.#frames.at(-1);
    if (!frame || frame.has(name)) return;
    const variable = this.#all.get(name);
    frame.set(name, variable ? { ...variable } : undefined);
    if (this.#dialect === "bash" && variable) variable.value = undefined;
  }

  /** What `names` are now; giving it to `restore` makes them so again. */
  save(names: Iterable<string>): Map<string, Variable | undefined> {
    const saved = new Map<string, Variable | undefined>();
    for (const name of names) {
      const variable = this.#all.get(name);
      saved.set(name, variable ? { ...variable } : undefined);
    }
    return saved;
  }

  restore(saved: ReadonlyMap<string, Variable | undefined>): void {
    for (const [name, variable] of saved) {
      if (variable) this.#all.set(name, variable);
      else this.#all.delete(name);
      this.onChange(name);
    }
  }

  #check(name: string, variable: Variable): void {
    if (!variable.readonly) return;
    if (this.#dialect === "bash") throw new ShellFailure(`${name}: readonly variable`, 1);
    throw new ShellFailure(`${name}: is read only`);
  }
}

/** Where ash and dash keep a variable in their hash table; a program's environment is in this order, and then by age. */
function bucket(name: string): number {
  let hash = name.charCodeAt(0) << 4;
  for (let at = 0; at < name.length; at++) hash += name.charCodeAt(at);
  return hash % 39;
}
