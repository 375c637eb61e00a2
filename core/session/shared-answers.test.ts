import { expect, test } from "vitest";
import { MemoryFileSystem } from "../files/memory.ts";
import type { FileSystem } from "../files/filesystem.ts";
import { text, utf8 } from "../platform/bytes.ts";
import { recordShared, replayShared, type SharedAnswer } from "./shared-answers.ts";

/** What some program sees and does. */
function use({ root }: FileSystem): unknown {
  const file = root.create("f", { kind: "file", mode: 0o644, uid: 0, gid: 0 });
  file.write(0, utf8("hello"));
  const directory = root.create("d", { kind: "directory", mode: 0o755, uid: 0, gid: 0 });
  root.rename("f", directory, "g");
  const failed = (() => {
    try {
      return root.unlink("nosuch");
    } catch (error) {
      return (error as Error).message;
    }
  })();
  const names = [...root.entries()].map(([name, inode]) => [name, inode === directory]);
  return [
    text(directory.lookup("g")!.read(0, 9)),
    directory.lookup("g") === file,
    root.lookup("f"),
    failed,
    names,
    file.attributes(),
  ];
}

test("a replay is told what the recording was", () => {
  let now = 5n;
  const answers: SharedAnswer[] = [];
  const seen = use(
    recordShared(new MemoryFileSystem({ now: () => now++ }), (answer) => answers.push(answer)),
  );
  expect((seen as unknown[]).slice(0, 5)).toEqual(["hello", true, undefined, "ENOENT", [["d", true]]]);
  expect(use(replayShared("ext4", 1, () => answers.shift()!))).toEqual(seen);
  expect(answers).toEqual([]);
});
