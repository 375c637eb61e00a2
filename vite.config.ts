import { svelte } from "@sveltejs/vite-plugin-svelte";
import { chmodSync, mkdirSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { defineConfig, type Plugin, type UserConfig } from "vite";

const at = (path: string) => fileURLToPath(new URL(path, import.meta.url));

/**
 * The executable `dist/drydock`. It is CommonJS, whatever Node makes of a file without an ending in an ES module
 * package, and only loads the bundle.
 */
const executable: Plugin = {
  name: "drydock-executable",
  writeBundle() {
    mkdirSync(at("dist"), { recursive: true });
    writeFileSync(at("dist/package.json"), '{ "type": "commonjs" }\n');
    // Without the "--" Node 20 takes an --env-file of docker's for its own.
    writeFileSync(at("dist/drydock"), '#!/usr/bin/env -S node --\nimport("./node/drydock.mjs");\n');
    chmodSync(at("dist/drydock"), 0o755);
  },
};

/** `vite build --mode node`: the command `drydock`, with everything that it needs inside. */
const node: UserConfig = {
  plugins: [executable],
  ssr: { noExternal: true, target: "node" },
  build: {
    ssr: at("node-backend/drydock.ts"),
    outDir: at("dist/node"),
    emptyOutDir: true,
    target: "node20",
    minify: false,
    rolldownOptions: {
      output: { entryFileNames: "[name].mjs", chunkFileNames: "[name]-[hash].mjs" },
    },
  },
};

/** `vite build`, `vite`: the page. */
const web: UserConfig = {
  root: at("web"),
  base: "./",
  plugins: [svelte()],
  worker: { format: "es" },
  server: { port: Number(process.env.PORT ?? 8420), host: "127.0.0.1" },
  build: {
    outDir: at("dist/web"),
    emptyOutDir: true,
    target: "es2022",
    // How long plugins took is nothing for whoever types npm start.
    rolldownOptions: { checks: { pluginTimings: false } },
  },
};

export default defineConfig(({ mode }) => (mode === "node" ? node : web));
