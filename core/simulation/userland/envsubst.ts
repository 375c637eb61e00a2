import { decodeText } from "../shell/characters.ts";
import { readAll } from "./head.ts";
import type { UserProgram } from "./user-program.ts";

export const envsubst: UserProgram = {
  names: ["envsubst"],
  flavours: ["gnu"],
  imageOnly: true,
  usage: "[OPTION] [SHELL-FORMAT]",
  summary: "Substitutes the values of environment variables.",
  *main(io) {
    const format = io.args.find((arg) => !arg.startsWith("-"));
    const wanted =
      format === undefined
        ? undefined
        : new Set([...format.matchAll(/\$\{?(\w+)\}?/g)].map((match) => match[1]!));
    const text = decodeText(yield* readAll(io, 0));
    yield* io.print(
      text.replace(/\$(?:([A-Za-z_]\w*)|\{([A-Za-z_]\w*)\})/g, (whole, plain?: string, braced?: string) => {
        const name = plain ?? braced!;
        return wanted && !wanted.has(name) ? whole : (io.process.getenv(name) ?? "");
      }),
    );
    return 0;
  },
};
