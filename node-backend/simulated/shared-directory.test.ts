import fs from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { beforeEach, expect, test } from "vitest";
import { text, utf8 } from "../../core/platform/bytes.ts";
import { SharedDirectory } from "./shared-directory.ts";

let real: string;
let shared: SharedDirectory;
beforeEach(() => {
  real = fs.realpathSync(fs.mkdtempSync(join(tmpdir(), "drydock-shared-")));
  shared = new SharedDirectory(real, 7);
});

const plain = { mode: 0o644, uid: 0, gid: 0 };

test("what is written inside is there outside, and the reverse", () => {
  fs.writeFileSync(join(real, "outside"), "real bytes");
  expect(text(shared.root.lookup("outside")!.read(5, 100))).toBe("bytes");
  const made = shared.root.create("made", { kind: "file", ...plain });
  expect(made.write(0, utf8("hello"))).toBe(5);
  made.truncate(4);
  expect([
    fs.readFileSync(join(real, "made"), "utf8"),
    made.attributes().size,
    made.attributes().mode,
  ]).toEqual(["hell", 4, 0o644]);
  const sub = shared.root.create("sub", { kind: "directory", mode: 0o755, uid: 0, gid: 0 });
  shared.root.rename("made", sub, "moved");
  expect(text(made.read(0, 9))).toBe("hell");
  expect([...shared.root.entries()].map(([name]) => name).sort()).toEqual(["outside", "sub"]);
  expect(() => shared.root.rmdir("sub")).toThrow("ENOTEMPTY");
  expect(() => shared.root.unlink("sub")).toThrow("EISDIR");
  sub.unlink("moved");
  shared.root.rmdir("sub");
  expect(fs.readdirSync(real)).toEqual(["outside"]);
});

test("links lead nowhere by themselves", () => {
  fs.symlinkSync("/etc/passwd", join(real, "link"));
  const link = shared.root.lookup("link")!;
  expect([link.kind, link.readlink()]).toEqual(["symlink", "/etc/passwd"]);
  expect(() => link.read(0, 10)).toThrow("EINVAL");
  const sub = shared.root.create("sub", { kind: "directory", mode: 0o755, uid: 0, gid: 0 });
  fs.rmdirSync(join(real, "sub"));
  fs.symlinkSync("/etc", join(real, "sub"));
  expect(() => sub.lookup("passwd")).toThrow("ESTALE");
});

test("no devices", () => {
  expect(() =>
    shared.root.create("null", { kind: "character", ...plain, rdev: { major: 1, minor: 3 } }),
  ).toThrow("EPERM");
});
