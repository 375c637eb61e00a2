import { expect, test } from "vitest";
import { parseFlags } from "./flags.ts";
import { bool, duration, int, string } from "./flags/basic.ts";
import { encodeFilters, filter, list, map, strings } from "./flags/lists.ts";
import { bytes, memorySwap, processors } from "./flags/sizes.ts";
import { parseMount } from "./flags/mount.ts";

const declared = {
  all: bool({ short: "a", usage: "" }),
  quiet: bool({ short: "q", usage: "", default: true }),
  name: string({ short: "n", usage: "" }),
  last: int({ usage: "", default: -1 }),
  env: list({ short: "e", usage: "" }),
  old: { ...list({ usage: "", deprecated: "use --env" }), sharedWith: "env" },
};

const parsed = (...argv: string[]) => parseFlags(declared, argv);
const failure = (...argv: string[]) => {
  try {
    parsed(...argv);
  } catch (error) {
    return (error as Error).message;
  }
  return undefined;
};

test("reads flags as pflag does", () => {
  expect(parsed("-aqnx", "y", "--last=5", "-e", "A=1", "--", "-z")).toEqual({
    values: { all: true, quiet: true, name: "x", last: 5, env: ["A=1"], old: ["A=1"] },
    changed: new Set(["all", "quiet", "name", "last", "env"]),
    args: ["y", "-z"],
    argsBeforeDash: 1,
    notices: [],
  });
  expect(parsed("-q=false", "-n=b", "--old", "B", "-e=C").values).toEqual({
    all: false,
    quiet: false,
    name: "b",
    last: -1,
    env: ["B", "C"],
    old: ["B", "C"],
  });
  expect(parsed("--old", "B").notices).toEqual(["Flag --old has been deprecated, use --env"]);
  expect(parseFlags(declared, ["-a", "image", "-q=x"], false).args).toEqual(["image", "-q=x"]);
});

test("says what is wrong as pflag does", () => {
  expect(failure("--nope")).toBe("unknown flag: --nope");
  expect(failure("-az")).toBe("unknown shorthand flag: 'z' in -z");
  expect(failure("--name")).toBe("flag needs an argument: --name");
  expect(failure("-an")).toBe("flag needs an argument: 'n' in -n");
  expect(failure("--=x")).toBe("bad flag syntax: --=x");
  expect(failure("--all=maybe")).toBe(
    'invalid argument "maybe" for "-a, --all" flag: strconv.ParseBool: parsing "maybe": invalid syntax',
  );
  expect(failure("--last=99999999999999999999")).toBe(
    'invalid argument "99999999999999999999" for "--last" flag: strconv.ParseInt: parsing "99999999999999999999": value out of range',
  );
});

function valueOf<T>(
  flag: { start(): { set(text: string): void; get(): T } },
  ...texts: string[]
): T | string {
  const value = flag.start();
  try {
    for (const text of texts) value.set(text);
  } catch (error) {
    return (error as Error).message;
  }
  return value.get();
}

test("reads docker's own kinds of values", () => {
  const usage = "";
  expect(valueOf(bytes({ usage }), "1.5 GiB")).toBe(1610612736);
  expect(valueOf(bytes({ usage }), "5x")).toBe("invalid suffix: 'x'");
  expect(valueOf(bytes({ usage }), "x")).toBe("invalid size: 'x'");
  expect(valueOf(memorySwap({ usage }), "-1")).toBe(-1);
  expect(valueOf(processors({ usage }), "3/2")).toBe(1500000000);
  expect(valueOf(processors({ usage }), "1e-10")).toBe("value is too precise");
  expect(valueOf(processors({ usage }), "x")).toBe("failed to parse x as a rational number");
  expect(valueOf(duration({ usage }), "1h1.5s")).toBe(3601.5e9);
  expect(valueOf(duration({ usage }), "5")).toBe('time: missing unit in duration "5"');
  expect(valueOf(map({ usage }), "a=b=c", "d")).toEqual({ a: "b=c", d: "" });
  expect(valueOf(strings({ usage }), "a,b", '"c,d"')).toEqual(["a", "b", "c,d"]);
  expect(valueOf(filter(), "foo")).toBe("bad format of filter (expected name=value)");
  expect(
    encodeFilters(valueOf(filter(), "Status=exited", "label=a=b", "status=dead") as Record<string, string[]>),
  ).toBe('{"label":{"a=b":true},"status":{"dead":true,"exited":true}}');
  expect(parseMount("type=volume,src=v,dst=/v,volume-nocopy,volume-opt=o=p,ro")).toEqual({
    Type: "volume",
    Source: "v",
    Target: "/v",
    ReadOnly: true,
    VolumeOptions: { NoCopy: true, DriverConfig: { Options: { o: "p" } } },
  });
  expect(() => parseMount("type=bind,volume-nocopy,dst=/y")).toThrow(
    "cannot mix 'volume-*' options with mount type 'bind'",
  );
});
