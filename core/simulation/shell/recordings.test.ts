import { expect, test } from "vitest";
import { TestMachine } from "../userland/machine.testing.ts";
import recordings from "./recordings.json";

// What Debian's dash and busybox 1.35.0 printed for these scripts, each in an empty directory (CWD).
test.each(recordings)("$shell: $script", async ({ shell, script, stdout, stderr, status }) => {
  const machine = new TestMachine();
  const cwd = "/tmp/cmp-recorded";
  await machine.run(["mkdir", cwd]);
  const result = await machine.run([...shell.split(" "), "-c", script], "", cwd);
  const shown = (text: string) => text.replaceAll(cwd, "CWD");
  expect({ stdout: shown(result.stdout), stderr: shown(result.stderr), status: result.status }).toEqual({
    stdout,
    stderr,
    status,
  });
});
