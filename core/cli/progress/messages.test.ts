import { expect, test } from "vitest";
import { sourceOf, utf8 } from "../../platform/bytes.ts";
import { displayMessages, MessageError } from "./messages.ts";

const stream = [
  { status: "Pulling from library/x", id: "latest" },
  { status: "Pulling fs layer", progressDetail: {}, id: "aaaaaaaaaaaa" },
  { status: "Pulling fs layer", progressDetail: {}, id: "bbbbbbbbbbbb" },
  {
    status: "Downloading",
    progressDetail: { current: 250000, total: 500000 },
    progress: "[]",
    id: "aaaaaaaaaaaa",
  },
  { status: "Pull complete", progressDetail: {}, id: "bbbbbbbbbbbb" },
  { status: "Digest: sha256:abc" },
];

async function shown(messages: object[], columns?: number, aux?: (value: unknown) => void): Promise<string> {
  let text = "";
  const out = { columns, write: (data: string | Uint8Array) => Promise.resolve(void (text += String(data))) };
  const source = sourceOf(...messages.map((message) => utf8(`${JSON.stringify(message)}\r\n`)));
  await displayMessages(source, out, { now: () => 0n, sleep: () => Promise.resolve() }, aux);
  return text;
}

// Recorded from the docker CLI 28.2.2 on terminals of these widths.
test("a wide terminal gets bars, each id its line", async () => {
  expect(await shown(stream, 120)).toBe(
    "latest: Pulling from library/x\n" +
      "\n\x1b[1A\x1b[2K\raaaaaaaaaaaa: Pulling fs layer \r\x1b[1B" +
      "\n\x1b[1A\x1b[2K\rbbbbbbbbbbbb: Pulling fs layer \r\x1b[1B" +
      "\x1b[2A\x1b[2K\raaaaaaaaaaaa: Downloading [=========================>                         ]    250kB/500kB\r\x1b[2B" +
      "\x1b[1A\x1b[2K\rbbbbbbbbbbbb: Pull complete \r\x1b[1B" +
      "Digest: sha256:abc\n",
  );
});

test("a narrow terminal gets counts", async () => {
  expect(await shown(stream.slice(3, 4), 80)).toBe(
    "\n\x1b[1A\x1b[2K\raaaaaaaaaaaa: Downloading    250kB/500kB\r\x1b[1B",
  );
});

test("what is no terminal gets lines without progress", async () => {
  expect(await shown(stream)).toBe(
    "latest: Pulling from library/x\naaaaaaaaaaaa: Pulling fs layer\nbbbbbbbbbbbb: Pulling fs layer\nbbbbbbbbbbbb: Pull complete\nDigest: sha256:abc\n",
  );
});

test("an error ends it; aux is for the caller", async () => {
  const aux: unknown[] = [];
  const failing = shown(
    [{ aux: { ID: "x" } }, { errorDetail: { code: 7, message: "boom" }, error: "boom" }],
    undefined,
    (value) => aux.push(value),
  );
  await expect(failing).rejects.toEqual(new MessageError("boom", 7));
  expect(aux).toEqual([{ ID: "x" }]);
});
