import { goQuote, parseGoDuration } from "../../gotext.ts";
import type { HealthConfig } from "../../../oci/image.ts";
import { textOrList } from "../command_line.ts";
import { readFlags } from "../flags.ts";
import { wordThenJsonOrText } from "../forms.ts";
import { type Instruction, needsSome } from "../instruction.ts";

/** HEALTHCHECK [--interval --timeout --start-period --start-interval --retries] CMD command, or HEALTHCHECK NONE. */
export const healthcheck: Instruction = {
  keyword: "HEALTHCHECK",
  form: wordThenJsonOrText,
  parse(line) {
    if (line.args.length === 0) throw needsSome("HEALTHCHECK");
    const type = line.args[0]!.toUpperCase();
    if (type === "NONE") {
      if (line.args.length > 1) throw new Error("HEALTHCHECK NONE takes no arguments");
      return { kind: "healthcheck", health: { Test: ["NONE"] } };
    }
    const flags = readFlags(line.flags, {
      interval: "string",
      timeout: "string",
      "start-period": "string",
      "start-interval": "string",
      retries: "string",
    });
    if (type !== "CMD") throw new Error(`Unknown type ${goQuote(type)} in HEALTHCHECK (try CMD)`);
    const command = textOrList(line.args.slice(1), line.json);
    if (command.length === 0) throw new Error("Missing command after HEALTHCHECK CMD");
    const health: HealthConfig = { Test: [line.json ? "CMD" : "CMD-SHELL", ...command] };
    const times = [
      ["interval", "Interval"],
      ["timeout", "Timeout"],
      ["start-period", "StartPeriod"],
      ["start-interval", "StartInterval"],
    ] as const;
    for (const [flag, field] of times) {
      const time = nanoseconds(flag, flags.string(flag));
      if (time !== 0) health[field] = time;
    }
    const retries = count(flags.string("retries"));
    if (retries !== 0) health.Retries = retries;
    return { kind: "healthcheck", health };
  },
};

function nanoseconds(flag: string, text: string): number {
  if (text === "") return 0;
  const time = parseGoDuration(text);
  if (time !== 0 && time < 1e6) throw new Error(`Interval ${goQuote(flag)} cannot be less than 1ms`);
  return time;
}

function count(text: string): number {
  if (text === "") return 0;
  if (!/^[-+]?\d+$/.test(text)) throw new Error(`strconv.ParseInt: parsing ${goQuote(text)}: invalid syntax`);
  const number = Number(text);
  if (number > 2147483647 || number < -2147483648)
    throw new Error(`strconv.ParseInt: parsing ${goQuote(text)}: value out of range`);
  if (number < 0) throw new Error(`--retries cannot be negative (${number})`);
  return number;
}
