import { Errno } from "../../files/filesystem.ts";
import { strerror } from "../kernel/errno-text.ts";
import { decodeBytes, encodeBytes } from "../shell/characters.ts";
import type { Options } from "./options.ts";
import type { UserProgram } from "./user-program.ts";

export const cat: UserProgram = {
  names: ["cat"],
  usage: "[-nbvteA] [FILE]...",
  summary: "Print FILEs to stdout",
  *main(io) {
    const options = yield* io.options({
      short: "nbvteAETsu",
      long: {
        number: "n",
        "number-nonblank": "b",
        "show-all": "A",
        "show-ends": "E",
        "show-tabs": "T",
        "squeeze-blank": "s",
        "show-nonprinting": "v",
      },
    });
    const shower = options.has("n", "b", "v", "t", "e", "A", "E", "T", "s") ? new Shower(options) : undefined;
    for (const path of options.operands.length > 0 ? options.operands : ["-"]) {
      const fd = yield* io.openInput(path);
      if (fd === undefined) continue;
      try {
        for (let block = yield* io.read(fd); block; block = yield* io.read(fd)) {
          yield* io.write(shower ? encodeBytes(shower.show(decodeBytes(block))) : block);
        }
      } catch (error) {
        if (!(error instanceof Errno) || error.code === "EPIPE") throw error;
        yield* io.complain(
          io.busybox ? `read error: ${strerror(error.code)}` : `${path}: ${strerror(error.code)}`,
        );
      }
      yield* io.closeInput(fd);
    }
    return io.status;
  },
};

/** Numbers lines and makes visible what is not, across blocks and files. */
class Shower {
  #line = 1;
  #atStart = true;
  #blankLines = 0;
  readonly #number: boolean;
  readonly #numberFilled: boolean;
  readonly #ends: boolean;
  readonly #tabs: boolean;
  readonly #visible: boolean;
  readonly #squeeze: boolean;

  constructor(options: Options) {
    this.#numberFilled = options.has("b");
    this.#number = options.has("n") && !this.#numberFilled;
    this.#ends = options.has("e", "A", "E");
    this.#tabs = options.has("t", "A", "T");
    this.#visible = options.has("v", "e", "t", "A");
    this.#squeeze = options.has("s");
  }

  show(block: string): string {
    let output = "";
    for (const [piece] of block.matchAll(/[^\n]*\n|[^\n]+$/g)) {
      const filled = piece !== "\n";
      if (this.#atStart) {
        this.#blankLines = filled ? 0 : this.#blankLines + 1;
        if (this.#squeeze && this.#blankLines > 1) continue;
        if (this.#number || (this.#numberFilled && filled)) output += `${String(this.#line++).padStart(6)}\t`;
      }
      this.#atStart = piece.endsWith("\n");
      let line = this.#atStart ? piece.slice(0, -1) : piece;
      if (this.#visible) line = line.replace(/[^\t\x20-\x7e]/g, visible);
      if (this.#tabs) line = line.replace(/\t/g, "^I");
      output += line + (this.#atStart ? (this.#ends ? "$\n" : "\n") : "");
    }
    return output;
  }
}

function visible(character: string): string {
  const code = character.charCodeAt(0);
  if (code >= 128)
    return (
      "M-" +
      (code === 255
        ? "^?"
        : code < 160
          ? "^" + String.fromCharCode(code - 64)
          : String.fromCharCode(code - 128))
    );
  return code === 127 ? "^?" : "^" + String.fromCharCode(code + 64);
}
