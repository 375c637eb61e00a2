import { expect, test } from "vitest";
import { requestTimestamp } from "./request_timestamp.ts";

const now = 1_795_228_200_500_000_000n;
const since = (written: string) => requestTimestamp("since", written, now);

test("takes durations, dates, times and seconds", () => {
  expect(since("")).toBe(undefined);
  expect(since("10m")).toBe("1795227600");
  expect(since("1.5")).toBe("1.5");
  expect(since("0")).toBe("0");
  expect(since("2026-11-21")).toBe("1795219200.000000000");
  expect(since("2026-11-21T02:30:00.25Z")).toBe("1795228200.250000000");
  expect(since("2026-11-21T04:30:00+02:00")).toBe("1795228200.000000000");
  expect(since("2026-11-21T02")).toBe("1795226400.000000000");
});

test("says what is no time as docker does", () => {
  expect(() => since("foo")).toThrow(
    'invalid value for "since": failed to parse value as time or duration: "foo"',
  );
  expect(() => since("2020-13-01")).toThrow(
    'invalid value for "since": parsing time "2020-13-01": month out of range',
  );
  expect(() => since("20-20")).toThrow(
    'invalid value for "since": parsing time "20-20" as "2006-01-02": cannot parse "20-20" as "2006"',
  );
});
