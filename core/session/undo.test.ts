import { expect, test } from "vitest";
import { utf8 } from "../platform/bytes.ts";
import type { LogEntry, SessionInput } from "./log.ts";
import { withoutLastLine } from "./undo.ts";

let turn = 0;
const entry = (input: SessionInput): LogEntry => ({ turn: ++turn, at: turn * 10, input });
const keys = (typed: string) => entry({ kind: "keys", line: 0, bytes: utf8(typed) });
const open = entry({
  kind: "open",
  line: 0,
  path: "/usr/bin/bash",
  argv: ["bash"],
  env: [],
  cwd: "/",
  terminal: { columns: 80, rows: 24 },
});
const log = (...entries: LogEntry[]) => ({
  format: 1 as const,
  seed: 1,
  epoch: 0n,
  hostname: "h",
  directories: [],
  shared: [],
  entries,
});

test("the last line goes, with what was typed after it", () => {
  const [l, s, enter, p, w, enter2, half] = [
    keys("l"),
    keys("s"),
    keys("\r"),
    keys("p"),
    keys("wd"),
    keys("\r"),
    keys("x"),
  ];
  expect(withoutLastLine(log(open, l, s, enter, p, w, enter2, half))?.entries).toEqual([
    open,
    l,
    s,
    enter,
    { turn: p.turn, at: p.at, input: { kind: "close" } },
  ]);
  expect(withoutLastLine(log(open, l, s, enter))?.entries).toEqual([
    open,
    { turn: l.turn, at: l.at, input: { kind: "close" } },
  ]);
});

test("not beyond a boot", () => {
  expect(
    withoutLastLine(log(open, keys("ls\r"), entry({ kind: "power cut", date: 9n }), open)),
  ).toBeUndefined();
  expect(withoutLastLine(log(open, keys("ls")))).toBeUndefined();
});
