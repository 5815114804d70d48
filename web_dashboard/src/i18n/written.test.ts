/** No page writes words, numbers or dates by hand: they would stay as they are in every language. */

import { expect, test } from "vitest";

const sources = Object.entries(
  import.meta.glob<string>(["../**/*.ts", "../**/*.tsx"], {
    query: "?raw",
    import: "default",
    eager: true,
  }),
).filter(([path]) => !/\.test\.|\/api\/types\.ts$/.test(path));

/** Return the lines that look like something, but for those that are meant so. */
function lines(sign: RegExp, meant: RegExp[] = [], kind = /\.tsx?$/): string[] {
  return sources
    .filter(([path]) => kind.test(path))
    .flatMap(([path, text]) => text.split("\n").map((line, at) => `${path}:${at + 1}: ${line}`))
    .filter((line) => sign.test(line) && !meant.some((one) => one.test(line)));
}

test("there are sources to look at", () => {
  expect(sources.length).toBeGreaterThan(80);
});

test("nothing is formatted or sorted in the language of the browser", () => {
  expect(lines(/\.toLocale\w*\(|\.localeCompare\(|Intl\.\w+\((\)|undefined)/)).toEqual([]);
});

test("no number has its unit or its digits written by hand", () => {
  const css = /style=|"--|calc\(|path \+=|Waterfall\.tsx/;
  const sent = /tell\(device/;
  const signs = /\}(\u00a0|\\u00a0| )?(%|ms|s|min|h|kB|MB|GB|°C|°)[`"<]|\.toFixed\(/;
  expect(lines(signs, [css, sent])).toEqual([]);
});

test("no words for people stand in the code of a page, those for screen readers neither", () => {
  const words =
    /\b(aria-label|aria-description|title|alt|placeholder|label|hint)="[^"]*[A-Za-z]{3}/;
  expect(lines(words, [/\balt=""/], /\.tsx$/)).toEqual([]);
  const between = />\s*[A-Z][a-z]{2,}[^<>{}()=;]*<\//;
  expect(lines(between, [/<kbd>/, /<Icon/], /\.tsx$/)).toEqual([]);
});
