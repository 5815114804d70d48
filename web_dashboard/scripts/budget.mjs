/**
 * Holds the page to its budget: what a browser loads at first, gzipped, for each page that may be
 * opened first. Run by the build.
 */

import { readFileSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";

const BUDGET_BYTES = 250_000;
const folder = new URL("../../hub/api/built_page", import.meta.url).pathname;
const manifest = JSON.parse(readFileSync(join(folder, ".vite/manifest.json"), "utf8"));

const sizes = new Map();
function size(file) {
  if (!sizes.has(file)) sizes.set(file, gzipSync(readFileSync(join(folder, file))).length);
  return sizes.get(file);
}

/** All files that a chunk needs before it runs. */
function needs(key, found = new Set(), seen = new Set()) {
  if (seen.has(key)) return found;
  seen.add(key);
  const chunk = manifest[key];
  found.add(chunk.file);
  for (const style of chunk.css ?? []) found.add(style);
  for (const other of chunk.imports ?? []) needs(other, found, seen);
  return found;
}

const sum = (files) => [...files].reduce((total, file) => total + size(file), 0);
const kilobytes = (bytes) => `${(bytes / 1000).toFixed(1)} kB`;
const pages = Object.keys(manifest).filter((key) => /^src\/pages\/\w+\/index\.tsx$/.test(key));
const texts = (page) =>
  Object.keys(manifest).filter((key) => key.startsWith("src/i18n/de/") && key.includes(page));

let over = false;
const rows = pages.map((page) => {
  const files = needs("index.html", needs(page));
  const name = page.split("/")[2];
  for (const key of [...texts("frame"), ...texts(name.toLowerCase())]) needs(key, files);
  return [name, sum(files)];
});
for (const [name, bytes] of rows.sort(([, one], [, other]) => other - one)) {
  if (bytes > BUDGET_BYTES) {
    over = true;
    console.error(
      `${name}: ${kilobytes(bytes)} gzipped at first load, ${kilobytes(BUDGET_BYTES)} allowed`,
    );
  }
}
const [largest, bytes] = rows[0] ?? ["nothing", 0];
console.log(
  `First load: ${kilobytes(bytes)} of ${kilobytes(BUDGET_BYTES)} gzipped (${largest}, the largest page)`,
);
process.exitCode = over ? 1 : 0;
