import { expect, test } from "vitest";
import { portableCodecs } from "../../core/platform/portable-codecs.ts";
import { utf8 } from "../../core/platform/bytes.ts";
import { withoutLastLine } from "../../core/session/undo.ts";
import { wallPacer } from "../../core/simulation/kernel/pacing.ts";
import { wallClock } from "../../node-backend/simulated/surroundings.ts";
import { close, env, newSession, replay, runScript } from "./session.testing.ts";

const scripts: Record<string, string> = {
  "containers and pipes": `
docker pull -q busybox
docker run --rm busybox sh -c 'seq 1 2000 | sort -rn | head -3; date; cat /proc/sys/kernel/random/uuid'
docker run -d --name bg --restart always busybox sh -c 'echo up; sleep 3; exit 1'
docker run -d --name web -p 8080:80 nginx
curl -s localhost:8080 | head -4
sleep 5 & sleep 1; wait; docker logs bg; docker ps -a; docker stats --no-stream
docker exec web sh -c 'echo $RANDOM > /tmp/x; cat /tmp/x'; docker diff web; docker inspect web
docker stop web; docker rm web bg; docker system df`,
  builds: `
mkdir -p ctx/d; echo hello > ctx/d/f; ln -s d/f ctx/l
printf 'FROM busybox\\nARG A=1\\nRUN echo $A > /a; date > /b\\nCOPY . /c/\\nENV X=y\\nCMD ["cat","/b"]\\n' > ctx/Dockerfile
docker build -t one ctx; docker build -t two --build-arg A=2 ctx; docker run --rm two; docker history two
docker save one two | sha256sum; docker images -a; docker rmi two; docker image prune -f`,
  "push to a registry": `
docker run -d -p 5000:5000 --name reg registry:2
docker pull -q alpine; docker tag alpine localhost:5000/a:1; docker push localhost:5000/a:1
docker rmi alpine localhost:5000/a:1; docker pull localhost:5000/a:1; curl -s localhost:5000/v2/_catalog
docker pull -q mongo:3.2; docker pull -q mongo:3.2; docker images --digests; docker events --since 1h --until 0s | wc -l`,
  "many at once": `
docker pull -q busybox
for i in 1 2 3 4 5 6; do docker run --rm busybox sh -c "echo $i; sleep 0.$i; echo $i again" & done; wait
docker run --rm --cpus 0.5 busybox sh -c 'timeout 1 sh -c "while :; do :; done"; echo $?'
docker run --memory 16m --name big busybox sh -c 'head -c 40m /dev/zero | tail > /dev/null'; echo $?
yes | head -c 700000 | wc -c; yes | head -c 600000`,
};

for (const [name, script] of Object.entries(scripts)) {
  test(`a replay comes to the same: ${name}`, { timeout: 60_000 }, async () => {
    const { session, printed } = await newSession(11);
    await runScript(session, `${script}\n`);
    const digest = await close(session);
    expect(printed()).not.toMatch(/TypeError|not found$/m);
    const again = await replay(session.log);
    expect(again.printed()).toBe(printed());
    expect(again.session.digest()).toBe(digest);
    // The browser's codecs, and output that is shown late.
    const slowly = await replay(session.log, {
      codecs: portableCodecs,
      show: () => new Promise((resolve) => setTimeout(resolve, 0)),
    });
    expect(slowly.session.digest()).toBe(digest);
  });
}

/** Types into a terminal, and waits until `wanted` was printed since. */
function typist({ session, printed }: Awaited<ReturnType<typeof newSession>>, line: number) {
  return async (keys: string, wanted: string) => {
    const before = printed().length;
    await session.input({ kind: "keys", line, bytes: utf8(keys) });
    const limit = performance.now() + 10_000;
    while (!printed().slice(before).includes(wanted)) {
      if (performance.now() > limit) throw new Error(`no ${wanted} in ${printed().slice(before)}`);
      await new Promise((resolve) => setTimeout(resolve, 2));
    }
  };
}

const openBash = { kind: "open" as const, path: "/usr/bin/bash", argv: ["bash"], env, cwd: "/root" };
const terminal = { columns: 80, rows: 24 };

test("a terminal: busy loops are interrupted, by the wall clock", { timeout: 60_000 }, async () => {
  const recorded = await newSession(12, { pace: (elapsed) => wallPacer(wallClock, elapsed) });
  const { session, printed } = recorded;
  await session.input({ ...openBash, line: 0, terminal });
  const type = typist(recorded, 0);
  await type("docker pull -q busybox\r", "busybox:latest\r\n");
  await type("while :; do :; done; echo over\r", "over\r\n");
  await new Promise((resolve) => setTimeout(resolve, 50));
  await type("\x03", "^C");
  await type("echo $((6*7))\r", "42\r\n");
  await session.input({ kind: "resize", line: 0, columns: 100, rows: 30 });
  await type("docker run -it --rm busybox\r", "/ # ");
  await type("stty size; while :; do :; done\r", "30 100\r\n");
  await new Promise((resolve) => setTimeout(resolve, 30));
  await type("\x03", "/ # ");
  await type("exit\r", "# ");
  await type("docker run --rm busybox sleep 0.05; echo st$?\r", "st0");
  const digest = await close(session);
  const again = await replay(session.log, { codecs: portableCodecs });
  expect(again.printed()).toBe(printed());
  expect(again.session.digest()).toBe(digest);
});

test("a power cut, and on; undo and redo", { timeout: 60_000 }, async () => {
  const recorded = await newSession(13);
  const { session } = recorded;
  await session.input({ ...openBash, line: 0, terminal });
  const type = typist(recorded, 0);
  await type("docker run -d --name always --restart always nginx\r", "# ");
  await type("docker run -d --name never busybox sleep 1000; echo kept > file; echo rea''dy\r", "ready");
  await session.input({ kind: "power cut", date: 1_750_000_100_000_000_000n });
  await session.input({ ...openBash, line: 0, terminal });
  await type("docker ps -a --format '{{.Names}} {{.State}}'; cat file\r", "kept\r\n");
  expect(recorded.printed()).toContain("never exited\r\nalways running\r\nkept\r\n");
  const before = session.log.entries.length;
  await type("docker rm never; echo do''ne\r", "done\r\n");
  const after = await close(session);
  const undone = withoutLastLine(session.log)!;
  expect(undone.entries.length).toBe(before + 1);
  const past = await replay(undone);
  expect([...past.session.world.engine.containers.all()].length).toBe(2);
  expect((await replay(undone)).session.digest()).toBe(past.session.digest());
  const redone = await replay(session.log);
  expect([...redone.session.world.engine.containers.all()].length).toBe(1);
  expect(redone.session.digest()).toBe(after);
});

test("a log that was changed says so", async () => {
  const { session } = await newSession(14);
  await runScript(session, "docker pull -q busybox; docker run --rm busybox true\n");
  await close(session);
  const entries = session.log.entries.map((entry, at, all) =>
    at === all.length - 1 ? { ...entry, at: 5 } : entry,
  );
  await expect(replay({ ...session.log, entries })).rejects.toThrow(/^the replay is at .* where the log has/);
});
