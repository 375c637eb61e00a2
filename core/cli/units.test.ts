import { expect, test } from "vitest";
import { bytesSize, humanDuration, humanSize } from "./units.ts";

test.each([
  [0, "0B"],
  [999, "999B"],
  [1984218, "1.984MB"],
  [1000, "1kB"],
  [123456789, "123.5MB"],
  [1e21, "1ZB"],
])("%d bytes are %s", (bytes, shown) => expect(humanSize(bytes)).toBe(shown));

test("docker images shows three digits", () => expect(humanSize(1984218, 3)).toBe("1.98MB"));

// 1088 bytes are 1.0625 KiB exactly: Go rounds half to even.
test.each([
  [1088, "1.062KiB"],
  [25276514304, "23.54GiB"],
])("%d bytes are %s in steps of 1024", (bytes, shown) => expect(bytesSize(bytes)).toBe(shown));

test.each([
  [0.9, "Less than a second"],
  [1, "1 second"],
  [59.9, "59 seconds"],
  [60, "About a minute"],
  [120, "2 minutes"],
  [3599, "59 minutes"],
  [3600, "About an hour"],
  [5400, "2 hours"],
  [47 * 3600, "47 hours"],
  [48 * 3600, "2 days"],
  [14 * 86400, "2 weeks"],
  [60 * 86400, "2 months"],
  [800 * 86400, "2 years"],
])("%d seconds are %s", (seconds, shown) => expect(humanDuration(seconds)).toBe(shown));
