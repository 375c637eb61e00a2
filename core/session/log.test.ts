import { expect, test } from "vitest";
import { utf8 } from "../platform/bytes.ts";
import { readLog, writeLog, type SessionLog } from "./log.ts";

const log: SessionLog = {
  format: 1,
  seed: 7,
  epoch: 1_700_000_000_000_000_000n,
  hostname: "drydock",
  directories: ["/home/me"],
  shared: [],
  entries: [
    {
      turn: 1,
      at: 0,
      input: {
        kind: "open",
        line: 0,
        path: "/usr/bin/bash",
        argv: ["bash"],
        env: ["A=b"],
        cwd: "/root",
        terminal: { columns: 80, rows: 24 },
      },
    },
    { turn: 9, at: 1234567, input: { kind: "keys", line: 0, bytes: utf8("docker ps\r") } },
    { turn: 9, at: 1234567, input: { kind: "power cut", date: 9n } },
  ],
};

test("a log as text and back", () => {
  expect(readLog(writeLog(log))).toEqual(log);
  expect(writeLog(log).split("\n")[2]).toBe(
    '{"turn":9,"at":1234567,"input":{"kind":"keys","line":0,"bytes":{"$bytes":"646f636b65722070730d"}}}',
  );
});

test("what is no log", () => {
  expect(() => readLog("")).toThrow("this is not a session's log");
  expect(() => readLog("junk")).toThrow("line 1 is not of a session's log");
  expect(() => readLog(writeLog(log).replace('"format":1', '"format":99'))).toThrow(
    "this log has format 99; this Drydock replays format 1",
  );
  expect(() => readLog(writeLog(log) + "{}\n")).toThrow("line 5 is not of a session's log");
});
