import { expect, test } from "vitest";
import { ArithmeticError, evaluateArithmetic } from "./arithmetic.ts";

function evaluate(expression: string, values: Record<string, string> = {}): [bigint, Record<string, string>] {
  const variables = { ...values };
  const value = evaluateArithmetic(expression, {
    get: (name) => variables[name],
    set: (name, text) => (variables[name] = text),
  });
  return [value, variables];
}

test.each([
  ["1+2*3", 7n], ["(1+2)*3", 9n], ["-7/2", -3n], ["-7%3", -1n], ["1<<62<<1", -(2n ** 63n)], ["9223372036854775807+1", -(2n ** 63n)],
  ["0x1f+010", 39n], ["1?2:3", 2n], ["0||2&&1", 1n], ["~0", -1n], ["!5", 0n], ["2**10", 1024n], ["", 0n], ["1,2,3", 3n], ["5>=5", 1n],
])("%s", (expression, value) => {
  expect(evaluate(expression)[0]).toBe(value);
}); // prettier-ignore

test("assignments change variables, but not in a branch that does not count", () => {
  expect(evaluate("a+=b++", { a: "1", b: "2" })).toEqual([3n, { a: "3", b: "3" }]);
  expect(evaluate("0 && (a=5)", { a: "1" })).toEqual([0n, { a: "1" }]);
});

test.each([
  ["1/0", "division by zero"],
  ["1+", "expecting primary"],
  ["1 2", "expecting EOF"],
  ["(1", "expecting ')'"],
])("%s: %s", (expression, message) => {
  expect(() => evaluate(expression)).toThrow(new ArithmeticError(message));
});
