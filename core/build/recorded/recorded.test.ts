import { expect, test } from "vitest";
import { contentSource } from "../../archive/collect.ts";
import { TarBuilder } from "../../archive/write.ts";
import { testEngine } from "../../engine/engine.testing.ts";
import { bytesContent } from "../../files/content.ts";
import type { ContainerConfig } from "../../oci/image.ts";
import { readAll, text, utf8 } from "../../platform/bytes.ts";
import { Cancellation } from "../../platform/cancellation.ts";
import { expandWord } from "../dockerfile/shell_lexer.ts";
import recordedBuilds from "./builds.json";
import recordedWords from "./words.json";

// Both were recorded from Docker Engine 28.5.2: the API's whole answer to a build, the image's configuration and its
// history, identifiers replaced in order of appearance; and the values that LABEL gave to words.

interface RecordedBuild {
  dockerfile: string;
  query: string;
  status: number;
  body: string;
  config?: ContainerConfig;
  author?: string;
  history?: [createdBy: string, size: number][];
}

test.each(recordedWords.words as [string, string][])("the word %s", (word, value) => {
  const environment = new Map(Object.entries(recordedWords.environment));
  expect(expandWord(word, (name) => environment.get(name), { escape: "\\" })).toBe(value);
});

test.each(
  (recordedBuilds.builds as unknown as RecordedBuild[]).map(
    (build) => [build.dockerfile + build.query, build] as const,
  ),
)("%j", async (_, recorded) => {
  const { api, engine } = await testEngine();
  const archive = new TarBuilder();
  for (const [name, content] of Object.entries({
    Dockerfile: recorded.dockerfile,
    ...recordedBuilds.files,
  })) {
    if (name.endsWith("/")) archive.add({ name, kind: "directory", mode: 0o755 });
    else archive.add({ name, kind: "file", mode: 0o644, content: bytesContent(utf8(content)) });
  }
  const response = await api({
    method: "POST",
    target: `/v1.51/build?nocache=1&t=bzrec&${recorded.query}`,
    headers: {},
    body: contentSource(archive.finish()),
    cancellation: new Cancellation(),
  });
  const ids = new Map<string, string>();
  const body = text(await readAll(response.body)).replace(
    /(?<![0-9a-f:])(?:sha256:)?([0-9a-f]{12})(?:[0-9a-f]{52})?(?![0-9a-f])/g,
    (_match, id: string) => {
      if (!ids.has(id)) ids.set(id, `<id${ids.size + 1}>`);
      return ids.get(id)!;
    },
  );
  expect(body).toBe(recorded.body);
  expect(response.status).toBe(recorded.status);
  if (!recorded.config) return;
  const { config, author = "", history = [] } = engine.images.resolve("bzrec").config;
  expect(author).toBe(recorded.author);
  const shown = history.map((entry) => entry.created_by ?? "").reverse();
  const base = history[0]?.comment === "Imported from -" ? 1 : 0;
  expect(shown.slice(0, shown.length - base)).toEqual(
    recorded.history!.map(([createdBy]) => createdBy).slice(0, recorded.history!.length - base),
  );
  for (const [field, value] of Object.entries(recorded.config))
    expect([field, config![field as keyof ContainerConfig] ?? null]).toEqual([
      field,
      value === "" ? "" : (value ?? null),
    ]);
});
