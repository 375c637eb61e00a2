import type { HealthConfig } from "../oci/image.ts";

/**
 * What is to be built, as a value: stages in order, each a base and the operations on it. A front end makes it (here
 * that of Dockerfiles), a solver carries it out; neither knows the other.
 *
 * An edge is a name: a stage's `base` and a copy's `from` mean an earlier stage when one is called so, else an image.
 */
export interface BuildGraph {
  /** Arguments declared before the first stage: they are known to bases alone, and to stages that declare them again. */
  globals: Step<ArgumentOperation>[];
  stages: Stage[];
  /** The escape character in Words: "\\" or "`". */
  escape: string;
  /** What the front end has to say before the build begins. */
  warnings: string[];
}

export interface Stage {
  /** Lower case; "" without a name. */
  name: string;
  base: Word;
  /** "linux/amd64"; undefined when it is not said. */
  platform: Word | undefined;
  /** As Docker shows it: "FROM busybox AS build". */
  source: string;
  line: number;
  steps: Step[];
}

export interface Step<O extends Operation = Operation> {
  operation: O;
  /** As Docker shows it: "RUN echo hi". */
  source: string;
  line: number;
}

/** Text whose quotes and variables are resolved when the build has come that far (the base's environment counts). */
export interface Word {
  readonly word: string;
}

/** Like Word, but a value with spaces makes several: EXPOSE $PORTS. */
export interface Words {
  readonly words: string;
}

export interface WordPair {
  key: Word;
  value: Word;
}

/** A command as RUN, CMD and ENTRYPOINT have it: in exec form, or to be handed to the stage's shell. */
export interface CommandLine {
  /** null: it was given none (which is not the same as an empty list). */
  args: string[] | null;
  shell: boolean;
  /** Heredocs. */
  files: { name: string; content: string; chomp: boolean }[];
}

export type Operation =
  | RunOperation
  | CopyOperation
  | WorkdirOperation
  | ArgumentOperation
  | EnvOperation
  | LabelOperation
  | MaintainerOperation
  | CommandOperation
  | EntrypointOperation
  | HealthcheckOperation
  | ExposeOperation
  | UserOperation
  | VolumeOperation
  | StopSignalOperation
  | ShellOperation
  | OnbuildOperation;

export interface RunOperation {
  kind: "run";
  command: CommandLine;
  /** Names of the flags that were given; their values are in the fields below. */
  flags: string[];
  /** The values of --mount, one each, as written. */
  mounts: string[];
  /** --network: "default", "none", "host". */
  network: string;
}

/** COPY and ADD. */
export interface CopyOperation {
  kind: "copy";
  verb: "COPY" | "ADD";
  sources: Word[];
  /** Heredocs as sources. */
  contents: { name: string; content: string; expand: boolean }[];
  destination: Word;
  /** --from: a stage, its number, or an image; "" is the build context. */
  from: string;
  chown: Word;
  chmod: Word;
  link: boolean;
  excludes: string[];
  checksum: Word;
  keepGitDir: boolean | undefined;
  unpack: boolean | undefined;
}

export interface WorkdirOperation {
  kind: "workdir";
  path: Word;
}

export interface ArgumentOperation {
  kind: "arg";
  /** value undefined: declared without a default. */
  declarations: { key: Word; value: Word | undefined }[];
}

export interface EnvOperation {
  kind: "env";
  pairs: WordPair[];
}

export interface LabelOperation {
  kind: "label";
  pairs: WordPair[];
  /** Pairs of --label: taken as they are. */
  literal?: Record<string, string>;
}

export interface MaintainerOperation {
  kind: "maintainer";
  name: string;
}

export interface CommandOperation {
  kind: "cmd";
  command: CommandLine;
}

export interface EntrypointOperation {
  kind: "entrypoint";
  command: CommandLine;
}

export interface HealthcheckOperation {
  kind: "healthcheck";
  health: HealthConfig;
}

export interface ExposeOperation {
  kind: "expose";
  ports: Words[];
}

export interface UserOperation {
  kind: "user";
  user: Word;
}

export interface VolumeOperation {
  kind: "volume";
  paths: Word[];
}

export interface StopSignalOperation {
  kind: "stopsignal";
  signal: Word;
}

export interface ShellOperation {
  kind: "shell";
  shell: string[];
}

export interface OnbuildOperation {
  kind: "onbuild";
  /** An instruction, as written: the front end of the build that starts from this image reads it. */
  trigger: string;
}

/** T with every Word a string and every Words a list of strings. */
export type Expanded<T> = T extends Word
  ? string
  : T extends Words
    ? string[]
    : T extends readonly (infer U)[]
      ? Expanded<U>[]
      : T extends object
        ? { [K in keyof T]: Expanded<T[K]> }
        : T;

/** How Words become strings: a front end's rules with a stage's variables. Throws for what cannot be resolved. */
export interface Expander {
  word(text: string): string;
  words(text: string): string[];
}

/** Resolves every Word within `value`, in the order in which the fields stand. */
export function expandWords<T>(value: T, expander: Expander): Expanded<T> {
  return expandAny(value, expander) as Expanded<T>;
}

function expandAny(value: unknown, expander: Expander): unknown {
  if (Array.isArray(value)) return value.map((item) => expandAny(item, expander));
  if (typeof value !== "object" || value === null) return value;
  if ("word" in value) return expander.word(value.word as string);
  if ("words" in value) return expander.words(value.words as string);
  return Object.fromEntries(Object.entries(value).map(([key, field]) => [key, expandAny(field, expander)]));
}
