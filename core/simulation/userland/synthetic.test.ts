import { expect, test } from "vitest";
import { syntheticElf } from "../kernel/elf.ts";
import { resolve } from "../kernel/paths.ts";
import { TestMachine } from "./machine.testing.ts";

/** A machine with programs that only images bring. */
function machineWith(...programs: [name: string, version: string][]): TestMachine {
  const machine = new TestMachine();
  const directory = resolve(machine.kernel.init, "/usr/bin").inode;
  for (const [name, version] of programs) {
    directory.create(name, {
      kind: "file",
      mode: 0o755,
      uid: 0,
      gid: 0,
      content: syntheticElf(name, { version }),
    });
  }
  return machine;
}

test("nginx serves, logs, reloads and quits", async () => {
  const machine = machineWith(["nginx", "1.29.1"]);
  const { stdout } = await machine.run([
    "/bin/sh",
    "-c",
    `mkdir -p /etc/nginx /var/log/nginx /site; echo page > /site/index.html
     echo 'events {} http { server { listen 80; location / { root /site; } location /r { return 200 "hi\\n"; } } }' > /etc/nginx/nginx.conf
     nginx; sleep 1; curl -s localhost; curl -s localhost/r; curl -s -o /dev/null -w '%{http_code}\\n' localhost/nope
     ps -eo args | grep '^nginx'; cut -d'"' -f2,3 /var/log/nginx/access.log
     echo two > /site/index.html; nginx -s reload 2>/dev/null; sleep 1; curl -s localhost
     nginx -s quit; sleep 1; curl localhost 2>&1 | cut -c1-9`,
  ]);
  expect(stdout).toBe(
    [
      "page", "hi", "404", "nginx: master process nginx", "nginx: worker process",
      'GET / HTTP/1.1" 200 5 ', 'GET /r HTTP/1.1" 200 3 ', 'GET /nope HTTP/1.1" 404 153 ', "two", "curl: (7)", "",
    ].join("\n"),
  ); // prettier-ignore
});

test("what mongod holds is there again after a restart", async () => {
  const machine = machineWith(["mongod", "3.2.20"], ["mongo", "3.2.20"]);
  const { stdout } = await machine.run([
    "/bin/sh",
    "-c",
    `mkdir -p /data/db; mongod >/dev/null & sleep 1
     mongo --quiet shop --eval 'db.items.insert({a: 1, name: "x"}); db.items.update({a: 1}, {$set: {a: 2}})'
     kill $!; wait $! 2>/dev/null; mongod >/dev/null & sleep 1
     printf 'use shop\\ndb.items.find({a: {$gt: 1}}).count()\\nshow collections\\n' | mongo --quiet; kill $!`,
  ]);
  expect(stdout).toBe(
    'WriteResult({ "nInserted" : 1 })\nWriteResult({ "nMatched" : 1, "nUpserted" : 0, "nModified" : 1 })\nswitched to db shop\n1\nitems\nbye\n',
  );
});
