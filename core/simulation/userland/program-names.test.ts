import { expect, test } from "vitest";
import { ProgramRegistry } from "../kernel/program.ts";
import { hostPrograms, imagePrograms } from "./program-names.ts";
import { registerPrograms, userPrograms } from "./programs.ts";

test("the names are those of the programs", () => {
  const registry = new ProgramRegistry();
  registerPrograms(registry);
  const elsewhere = ["docker", "registry"];
  expect([...hostPrograms, ...imagePrograms].sort()).toEqual([...registry.names(), ...elsewhere].sort());
  const onHost = userPrograms.filter(
    ({ imageOnly, flavours }) => !imageOnly && (!flavours || flavours.includes("gnu")),
  );
  expect([...hostPrograms].sort()).toEqual(
    [...onHost.flatMap(({ names }) => names), "bash", "dash", "docker"].sort(),
  );
});
