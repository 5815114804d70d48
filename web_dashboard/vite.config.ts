/// <reference types="vitest/config" />
import { fileURLToPath } from "node:url";
import react from "@vitejs/plugin-react";
import { defineConfig } from "vite";
import { shellWorker } from "./scripts/shell_worker.ts";

const hub = process.env.SOTTO_HUB ?? "http://localhost:10780";

export default defineConfig({
  plugins: [react(), shellWorker()],
  resolve: { alias: { "@": fileURLToPath(new URL("./src", import.meta.url)) } },
  build: {
    outDir: "../hub/api/built_page",
    emptyOutDir: true,
    manifest: true,
    target: "es2022",
    // A policy without inline scripts: what is small stays a file.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
  },
  server: { proxy: { "/v1": { target: hub, ws: true }, "/openapi.json": hub } },
  test: {
    environment: "jsdom",
    include: ["src/**/*.test.{ts,tsx}"],
    setupFiles: "src/testing.ts",
  },
});
