/// <reference types="vitest/config" />
import { fileURLToPath } from "node:url";
import react from "@vitejs/plugin-react";
import { defineConfig, type Rolldown } from "vite";
import { shellWorker } from "./scripts/shell_worker.ts";

const hub = process.env.SOTTO_HUB ?? "http://localhost:10780";

const entry = fileURLToPath(new URL("./index.html", import.meta.url));
const main = fileURLToPath(new URL("./src/main.tsx", import.meta.url));
const runtime = "\0rolldown/runtime.js";
const first = new Set([runtime]);

/** What is needed from the start is one file: two dozen small ones would each be asked for. */
function firstLoad(id: string, chunking: Rolldown.ChunkingContext) {
  const look = (one: string) => {
    if (first.has(one)) return;
    first.add(one);
    for (const imported of chunking.getModuleInfo(one)?.importedIds ?? []) look(imported);
  };
  if (!first.has(entry)) look(entry);
  return first.has(id) && id !== entry && id !== main ? "base" : null;
}

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
    rolldownOptions: {
      output: { codeSplitting: { groups: [{ name: firstLoad, debugName: "first load" }] } },
    },
  },
  server: { proxy: { "/v1": { target: hub, ws: true }, "/openapi.json": hub } },
  test: {
    environment: "jsdom",
    include: ["src/**/*.test.{ts,tsx}"],
    setupFiles: "src/testing.ts",
    // The first test of a page loads it, and a busy machine may take many times as long as another.
    testTimeout: 60_000,
    hookTimeout: 60_000,
  },
});
