import type { UserProgram } from "./user-program.ts";

export const trueProgram: UserProgram = {
  names: ["true"],
  usage: "",
  summary: "Return an exit code of TRUE (0)",
  *main() {
    return 0;
  },
};

export const falseProgram: UserProgram = {
  names: ["false"],
  usage: "",
  summary: "Return an exit code of FALSE (1)",
  *main() {
    return 1;
  },
};
