import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    include: [
      "core/**/*.test.ts",
      "node-backend/**/*.test.ts",
      "web/**/*.test.ts",
      "test/**/*.test.ts",
      "lessons/**/*.test.ts",
    ],
    testTimeout: 20_000,
  },
});
