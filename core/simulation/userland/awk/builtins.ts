import { sys } from "../../kernel/syscalls.ts";
import { formatFloat, formatInteger } from "../../shell/printf-format.ts";
import { decodeText, encodeText } from "../../shell/characters.ts";
import { formatDate } from "../date-format.ts";
import type { Steps } from "../user-program.ts";
import type { AwkInterpreter } from "./interpreter.ts";
import type { AwkExpression } from "./syntax.ts";
import { toNumber, toText } from "./values.ts";
import type { AwkValue } from "./values.ts";

/** Calls a function that awk itself has. */
export function* callBuiltin(
  awk: AwkInterpreter,
  name: string,
  args: readonly AwkExpression[],
): Steps<AwkValue> {
  const value = function* (at: number): Steps<AwkValue | undefined> {
    return args[at] ? yield* awk.evaluate(args[at]) : undefined;
  };
  const text = function* (at: number): Steps<string> {
    return awk.str(yield* value(at));
  };
  const number = function* (at: number): Steps<number> {
    return toNumber(yield* value(at));
  };
  switch (name) {
    case "length": {
      const first = args[0];
      if (!first) return lengthOf(awk.record());
      if (first.type === "variable" && awk.variable(first.name) === undefined)
        return awk.array(first.name).size;
      return lengthOf(yield* text(0));
    }
    case "substr": {
      const whole = yield* text(0);
      const from = Math.round(yield* number(1));
      const to = args[2] ? from + Math.round(yield* number(2)) : Infinity;
      return sliceBytes(whole, Math.max(from, 1) - 1, Math.max(to - 1, 0));
    }
    case "index": {
      const whole = yield* text(0);
      const at = whole.indexOf(yield* text(1));
      return at < 0 ? 0 : lengthOf(whole.slice(0, at)) + 1;
    }
    case "split":
      return yield* split(awk, args);
    case "sub":
    case "gsub":
      return yield* substitute(awk, args, name === "gsub");
    case "gensub":
      return yield* generalSubstitute(awk, args);
    case "match": {
      const whole = yield* text(0);
      const match = (yield* awk.pattern(args[1]!)).exec(whole);
      awk.setVariable("RSTART", match ? lengthOf(whole.slice(0, match.index)) + 1 : 0);
      awk.setVariable("RLENGTH", match ? lengthOf(match[0]) : -1);
      return match ? lengthOf(whole.slice(0, match.index)) + 1 : 0;
    }
    case "sprintf":
      return yield* format(awk, args);
    case "tolower":
      return (yield* text(0)).toLowerCase();
    case "toupper":
      return (yield* text(0)).toUpperCase();
    case "system":
      return yield* awk.streams.system(yield* text(0));
    case "close":
      return yield* awk.streams.close(yield* text(0));
    case "fflush":
      yield* awk.io.flush();
      return 0;
    case "systime":
      return Number((yield* sys.clock()) / 1_000_000_000n);
    case "strftime":
      return formatDate(
        args[0] ? yield* text(0) : "%c",
        args[1] ? BigInt(Math.trunc(yield* number(1))) * 1_000_000_000n : yield* sys.clock(),
      );
    case "int":
      return Math.trunc(yield* number(0));
    case "sqrt":
      return Math.sqrt(yield* number(0));
    case "exp":
      return Math.exp(yield* number(0));
    case "log":
      return Math.log(yield* number(0));
    case "sin":
      return Math.sin(yield* number(0));
    case "cos":
      return Math.cos(yield* number(0));
    case "atan2":
      return Math.atan2(yield* number(0), yield* number(1));
    case "rand":
      awk.seed = (Math.imul(awk.seed, 1664525) + 1013904223) >>> 0;
      return awk.seed / 2 ** 32;
    case "srand": {
      const before = awk.seed;
      awk.seed = args[0]
        ? (yield* number(0)) >>> 0
        : Number(((yield* sys.clock()) / 1_000_000_000n) & 0xffffffffn);
      return before;
    }
    case "and":
      return (yield* number(0)) & (yield* number(1));
    case "or":
      return (yield* number(0)) | (yield* number(1));
    case "xor":
      return (yield* number(0)) ^ (yield* number(1));
    case "lshift":
      return (yield* number(0)) * 2 ** (yield* number(1));
    case "rshift":
      return Math.floor((yield* number(0)) / 2 ** (yield* number(1)));
    default:
      return yield* awk.io.fail(`function ${name} never defined`, 2);
  }
}

/** mawk and busybox's awk count bytes. */
function lengthOf(text: string): number {
  return /^[\x00-\x7f]*$/.test(text) ? text.length : encodeText(text).length;
}

function sliceBytes(text: string, from: number, to: number): string {
  if (/^[\x00-\x7f]*$/.test(text)) return text.slice(from, to);
  return decodeText(encodeText(text).subarray(from, Math.min(to, text.length * 4)));
}

function* split(awk: AwkInterpreter, args: readonly AwkExpression[]): Steps<number> {
  const whole = awk.str(yield* awk.evaluate(args[0]!));
  const target = args[1]!;
  if (target.type !== "variable") return yield* awk.io.fail("split: second argument is not an array", 2);
  const separator = !args[2]
    ? awk.text("FS")
    : args[2].type === "regex"
      ? awk.regex(args[2].source)
      : awk.str(yield* awk.evaluate(args[2]));
  const parts = awk.splitText(whole, separator);
  const array = awk.array(target.name);
  array.clear();
  parts.forEach((input, at) => array.set(String(at + 1), { input }));
  return parts.length;
}

/** What stands for a match: & is the match, \& an ampersand. */
function replacementText(replacement: string, match: string): string {
  return replacement.replace(/\\\\|\\&|&/g, (found) => (found === "&" ? match : found.slice(1)));
}

function* substitute(awk: AwkInterpreter, args: readonly AwkExpression[], all: boolean): Steps<number> {
  const regex = yield* awk.pattern(args[0]!);
  const replacement = awk.str(yield* awk.evaluate(args[1]!));
  const target: AwkExpression = args[2] ?? { type: "field", index: { type: "number", value: 0 } };
  const whole = awk.str(yield* awk.evaluate(target));
  let count = 0;
  let result = "";
  let at = 0;
  let previousEnd = -1;
  regex.lastIndex = 0;
  for (const match of whole.matchAll(regex)) {
    if (match[0] === "" && match.index === previousEnd) continue;
    previousEnd = match.index + match[0].length;
    result += whole.slice(at, match.index) + replacementText(replacement, match[0]);
    at = match.index + match[0].length;
    count++;
    if (!all) break;
  }
  if (count > 0) yield* awk.assign(target, result + whole.slice(at));
  return count;
}

function* generalSubstitute(awk: AwkInterpreter, args: readonly AwkExpression[]): Steps<string> {
  const regex = yield* awk.pattern(args[0]!);
  const replacement = awk.str(yield* awk.evaluate(args[1]!));
  const which = awk.str(yield* awk.evaluate(args[2]!));
  const whole = args[3] ? awk.str(yield* awk.evaluate(args[3])) : awk.record();
  let count = 0;
  return whole.replace(regex, (...groups: unknown[]) => {
    count++;
    const found = String(groups[0]);
    if (!/^[gG]/.test(which) && count !== Number(which || 1)) return found;
    return replacement.replace(/\\([0-9&\\])|&/g, (mark, code?: string) =>
      mark === "&" ? found : code === "&" || code === "\\" ? code : String(groups[Number(code)] ?? ""),
    );
  });
}

function* format(awk: AwkInterpreter, args: readonly AwkExpression[]): Steps<string> {
  const layout = awk.str(yield* awk.evaluate(args[0]!));
  const values: (AwkValue | undefined)[] = [];
  for (const each of args.slice(1)) values.push(yield* awk.evaluate(each));
  let at = 0;
  return layout.replace(
    /%%|%([-+ #0]*)(\*|\d+)?(?:\.(\*|\d*))?[hlLjzt]*([diouxXeEfFgGcs])/g,
    (whole, flags: string, widthText?: string, precisionText?: string, conversion?: string) => {
      if (whole === "%%") return "%";
      const count = (given: string | undefined) =>
        given === "*" ? toNumber(values[at++]) : given === undefined ? undefined : Number(given);
      const width = count(widthText) ?? 0;
      const precision = count(precisionText);
      const value = values[at++];
      let body: string;
      if (conversion === "s") {
        const shown = toText(value, awk.text("CONVFMT"));
        body = precision === undefined ? shown : [...shown].slice(0, precision).join("");
      } else if (conversion === "c")
        body = typeof value === "number" ? String.fromCodePoint(value) : ([...awk.str(value)][0] ?? "");
      else if ("diouxX".includes(conversion!)) {
        const number = Math.trunc(toNumber(value));
        body = formatInteger(
          conversion!,
          flags,
          precision,
          Number.isFinite(number) ? BigInt(number) : number > 0 ? 0x7fffffffffffffffn : -0x8000000000000000n,
        );
      } else body = formatFloat(conversion!, flags, precision ?? 6, toNumber(value));
      const padding = Math.max(Math.abs(width) - [...body].length, 0);
      if (flags.includes("-") || width < 0) return body + " ".repeat(padding);
      if (flags.includes("0") && conversion !== "s" && conversion !== "c") {
        const sign = /^[-+ ]/.exec(body)?.[0] ?? "";
        return sign + "0".repeat(padding) + body.slice(sign.length);
      }
      return " ".repeat(padding) + body;
    },
  );
}
