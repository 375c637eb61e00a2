import { Errno } from "../../../files/filesystem.ts";
import { O } from "../../kernel/calls.ts";
import { shellStatus } from "../../kernel/process-status.ts";
import { sys } from "../../kernel/syscalls.ts";
import { decodeText, encodeText } from "../../shell/characters.ts";
import type { Invocation } from "../invocation.ts";
import type { Steps } from "../user-program.ts";

/** Records of one descriptor, as RS separates them. */
export class RecordReader {
  readonly #io: Invocation;
  readonly fd: number;
  #text = "";
  #partial: Uint8Array = new Uint8Array();
  #ended = false;

  constructor(io: Invocation, fd: number) {
    this.#io = io;
    this.fd = fd;
  }

  /** The next record; undefined at the end. */
  *next(separator: string): Steps<string | undefined> {
    for (;;) {
      const record = this.#cut(separator);
      if (record !== undefined) return record;
      if (this.#ended) {
        if (this.#text === "") return undefined;
        const last = separator === "" ? this.#text.replace(/\n+$/, "") : this.#text;
        this.#text = "";
        return last === "" ? undefined : last;
      }
      yield* this.#fill();
    }
  }

  #cut(separator: string): string | undefined {
    if (separator === "") {
      // Paragraphs: blank lines separate.
      this.#text = this.#text.replace(/^\n+/, "");
      const match = /\n\n+/.exec(this.#text);
      if (!match || (match.index + match[0].length === this.#text.length && !this.#ended)) return undefined;
      return this.#take(match.index, match[0].length);
    }
    if (separator.length === 1) {
      const at = this.#text.indexOf(separator);
      return at < 0 ? undefined : this.#take(at, 1);
    }
    const match = new RegExp(separator, "u").exec(this.#text);
    if (!match || match[0] === "" || (match.index + match[0].length === this.#text.length && !this.#ended))
      return undefined;
    return this.#take(match.index, match[0].length);
  }

  #take(length: number, skip: number): string {
    const record = this.#text.slice(0, length);
    this.#text = this.#text.slice(length + skip);
    return record;
  }

  *#fill(): Steps<void> {
    const block = yield* this.#io.read(this.fd);
    if (!block) {
      this.#ended = true;
      this.#text += decodeText(this.#partial);
      this.#partial = new Uint8Array();
      return;
    }
    const bytes = new Uint8Array(this.#partial.length + block.length);
    bytes.set(this.#partial);
    bytes.set(block, this.#partial.length);
    // A character that was cut waits for its other bytes.
    let end = bytes.length;
    for (let back = 1; back <= 3 && back <= bytes.length; back++) {
      const byte = bytes[bytes.length - back]!;
      if (byte < 0x80) break;
      if (byte >= 0xc0) {
        const needed = byte >= 0xf0 ? 4 : byte >= 0xe0 ? 3 : 2;
        if (needed > back) end = bytes.length - back;
        break;
      }
    }
    this.#text += decodeText(bytes.subarray(0, end));
    this.#partial = bytes.slice(end);
  }
}

/** The files and commands that an awk program reads and writes, by name. */
export class AwkStreams {
  readonly #io: Invocation;
  #outputs = new Map<string, { fd: number; pid?: number }>();
  #inputs = new Map<string, { reader: RecordReader; pid?: number }>();

  constructor(io: Invocation) {
    this.#io = io;
  }

  *write(kind: ">" | ">>" | "|", name: string, text: string): Steps<void> {
    if (name === "/dev/stdout" || (name === "-" && kind !== "|")) return yield* this.#io.print(text);
    if (name === "/dev/stderr") return yield* this.#io.printError(text);
    const key = (kind === "|" ? "|" : ">") + name;
    let output = this.#outputs.get(key);
    if (!output) {
      if (kind === "|") output = yield* this.#startWriter(name);
      else {
        try {
          output = {
            fd: yield* sys.open(name, O.WRONLY | O.CREAT | (kind === ">>" ? O.APPEND : O.TRUNC), 0o666),
          };
        } catch (error) {
          yield* this.#io.complainOf(
            error,
            this.#io.busybox ? `can't open '${name}'` : `cannot open "${name}" for output`,
            2,
          );
          return yield* this.#io.fail("", 2);
        }
      }
      this.#outputs.set(key, output);
    }
    yield* sys.write(output.fd, encodeText(text));
  }

  *#startWriter(command: string): Steps<{ fd: number; pid: number }> {
    yield* this.#io.flush();
    const { read, write } = yield* sys.pipe({ closeOnExec: true });
    const pid = yield* sys.spawn("/bin/sh", {
      argv: ["sh", "-c", command],
      env: this.#io.process.env,
      fds: { 0: read, 1: 1, 2: 2 },
    });
    yield* sys.close(read);
    return { fd: write, pid };
  }

  /** A reader of a file or of a command's output; undefined when the file cannot be opened. */
  *reader(kind: "file" | "command", name: string): Steps<RecordReader | undefined> {
    const key = (kind === "command" ? "|" : "<") + name;
    const known = this.#inputs.get(key);
    if (known) return known.reader;
    let input: { reader: RecordReader; pid?: number };
    if (kind === "file") {
      try {
        input = {
          reader: new RecordReader(
            this.#io,
            name === "-" || name === "/dev/stdin" ? 0 : yield* sys.open(name, O.RDONLY),
          ),
        };
      } catch (error) {
        if (error instanceof Errno) return undefined;
        throw error;
      }
    } else {
      yield* this.#io.flush();
      const { read, write } = yield* sys.pipe({ closeOnExec: true });
      const pid = yield* sys.spawn("/bin/sh", {
        argv: ["sh", "-c", name],
        env: this.#io.process.env,
        fds: { 0: 0, 1: write, 2: 2 },
      });
      yield* sys.close(write);
      input = { reader: new RecordReader(this.#io, read), pid };
    }
    this.#inputs.set(key, input);
    return input.reader;
  }

  /** close(NAME): the status of a command, 0 for a file, -1 for what is not open. */
  *close(name: string): Steps<number> {
    let status = -1;
    for (const key of ["|" + name, ">" + name]) {
      const output = this.#outputs.get(key);
      if (!output) continue;
      this.#outputs.delete(key);
      yield* sys.close(output.fd);
      status = output.pid === undefined ? 0 : yield* this.#wait(output.pid);
    }
    for (const key of ["|" + name, "<" + name]) {
      const input = this.#inputs.get(key);
      if (!input) continue;
      this.#inputs.delete(key);
      if (input.reader.fd !== 0) yield* sys.close(input.reader.fd);
      status = input.pid === undefined ? 0 : yield* this.#wait(input.pid);
    }
    return status;
  }

  *#wait(pid: number): Steps<number> {
    const result = yield* sys.waitpid(pid);
    return result ? shellStatus(result.status) : 0;
  }

  *closeAll(): Steps<void> {
    yield* this.#io.flush();
    for (const key of [...this.#outputs.keys(), ...this.#inputs.keys()]) yield* this.close(key.slice(1));
  }

  *system(command: string): Steps<number> {
    yield* this.#io.flush();
    const pid = yield* sys.spawn("/bin/sh", { argv: ["sh", "-c", command], env: this.#io.process.env });
    return yield* this.#wait(pid);
  }
}
