import fc from "fast-check";
import { expect, test } from "vitest";
import { commands } from "../../core/cli/commands.ts";
import type { Command } from "../../core/cli/command.ts";
import { close, newSession, replay, runScript } from "./session.testing.ts";
import { expectInvariants } from "./world.testing.ts";

const seed = 20250616;

/** Every command with its flags; those that go on until they are stopped are left out. */
function leaves(command: Command, path: string[]): { path: string[]; flags: string[] }[] {
  const here = [...path, command.name];
  const flags = Object.entries(command.flags).flatMap(([name, { short }]) => [
    `--${name}`,
    ...(short ? [`-${short}`] : []),
  ]);
  return [{ path: here, flags }, ...command.children.flatMap((child) => leaves(child, here))];
}
const all = commands.flatMap((command) => leaves(command, []));
const words = fc.constantFrom(
  "busybox", "c0", "c1", "nosuch", "bridge", "v0", "true", "sh", "-", ".", "/etc", "c0:/etc/passwd", "busybox:x", "localhost:5000/x", "a=b", "1",
  "0", "-1", "1g", "''", "5s", "label=a", "status=exited", "'{{.ID}}'", "'{{'", "json", "'{{json .}}'", "80:80", "/x:/y", "SIGTERM", "no", "é", "'*'",
); // prettier-ignore
const lines = fc.constantFrom(...all).chain(({ path, flags }) =>
  fc
    .array(fc.oneof(words, words, ...(flags.length > 0 ? [fc.constantFrom(...flags)] : [])), { maxLength: 5 })
    .chain((rest) => fc.tuple(fc.constantFrom(true, false), fc.constant(rest)))
    .map(([equals, rest]) => {
      const joined = [...path, ...rest].join(" ");
      return `docker ${equals ? joined.replace(/(--[\w-]+) (?!-)/, "$1=") : joined}`;
    }),
);

test("no command line breaks docker; a replay comes to the same", { timeout: 90_000 }, async () => {
  const { session, printed } = await newSession(21);
  await runScript(session, "docker pull -q busybox; docker run -d --name c0 busybox sleep 100000\n");
  let seen = printed().length;
  await fc.assert(
    fc.asyncProperty(fc.array(lines, { minLength: 1, maxLength: 5 }), async (list) => {
      const script = list.map((line) => `timeout -s KILL 20 ${line} </dev/null; echo "status $?"`).join("\n");
      const status = await runScript(session, `${script}\n`);
      const output = printed().slice(seen);
      seen = printed().length;
      expect(status, list.join("\n")).toBe(0);
      expect(output.match(/^status \d+$/gm)?.length ?? 0, `${list.join("\n")}\n${output}`).toBeGreaterThan(0);
      expect(output, list.join("\n")).not.toMatch(broken);
      expectInvariants(session.world);
    }),
    { seed, numRuns: 150, interruptAfterTimeLimit: 10_000, endOnFailure: true },
  );
  await runScript(session, "docker rm -f $(docker ps -aq); docker system prune -af --volumes\n");
  expectInvariants(session.world);
  expect([...session.world.engine.snapshotter.keys()]).toEqual([]);
  const digest = await close(session);
  expect((await replay(session.log)).session.digest()).toBe(digest);
});

/** What only a mistake in the program says. */
const broken =
  /TypeError|RangeError|is not a function|of undefined|of null|\[object |is not iterable|undefined/;
