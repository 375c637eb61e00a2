import { expect, test } from "vitest";
import { normaliser } from "./normalise.ts";

const id = "0123456789abcdef".repeat(4);

test("identifiers keep their label, short and long", () => {
  const tidy = normaliser();
  expect(tidy([`sha256:${id}`, id.slice(0, 12), "abcdef012345"])).toEqual([
    "sha256:<id1>",
    "<id1:12>",
    "<id2:12>",
  ]);
  expect(tidy([`abcdef012345${"0".repeat(52)}`, "no-abcdef012345"])).toEqual(["<id2>", "no-abcdef012345"]);
});

test("times and durations are replaced, and the columns they stretched are evened", () => {
  expect(
    normaliser()(["NAME     CREATED", "one      2 hours ago   Up 3 seconds", "x 2024-01-02T03:04:05.678Z"]),
  ).toEqual(["NAME  CREATED", "one  <duration> ago  Up <duration>", "x <time>"]);
  expect(normaliser()(["a   b"])).toEqual(["a   b"]);
});

test("generated names, hardware addresses and the case's directory are replaced", () => {
  expect(normaliser("/tmp/x")(["brave_curie", "my_word", "02:42:ac:11:00:02", "/tmp/x/f"])).toEqual([
    "<name1>",
    "my_word",
    "<mac>",
    "<cwd>/f",
  ]);
});
