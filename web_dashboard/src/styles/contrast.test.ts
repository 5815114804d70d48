import { readFileSync } from "node:fs";
import { expect, test } from "vitest";

const css = readFileSync("src/styles/tokens.css", "utf8");
const tokens = new Map(
  [...css.matchAll(/--([\w-]+): light-dark\((#\w{6}), (#\w{6})\)/g)].map(
    ([, name = "", light = "", dark = ""]) => [name, { light, dark }],
  ),
);

/** WCAG 2.2: relative luminance. */
function luminance(colour: string): number {
  const [red = 0, green = 0, blue = 0] = [1, 3, 5].map((at) => {
    const part = Number.parseInt(colour.slice(at, at + 2), 16) / 255;
    return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

function contrast(one: string, other: string): number {
  const [dark = 0, light = 0] = [luminance(one), luminance(other)].sort((a, b) => a - b);
  return (light + 0.05) / (dark + 0.05);
}

const GROUNDS = ["ground", "surface", "raised", "sunken"];
const PAIRS: [string, string, number][] = [
  ...["ink", "ink-2", "accent", "good", "warn", "bad"].flatMap((ink) =>
    GROUNDS.map((ground): [string, string, number] => [ink, ground, 4.5]),
  ),
  ["accent-ink", "accent", 4.5],
  ["accent", "accent-soft", 4.5],
  ...["good", "warn", "bad"].flatMap((tone): [string, string, number][] => [
    [tone, `${tone}-soft`, 4.5],
    ["ink", `${tone}-soft`, 4.5],
  ]),
  ["ink", "accent-soft", 4.5],
  ["edge", "surface", 3],
  ["edge", "ground", 3],
  ["plot-2", "surface", 3],
  ["plot-3", "surface", 3],
  ["plot-4", "surface", 3],
];

for (const theme of ["light", "dark"] as const) {
  test(`words and edges are seen well where it is ${theme}`, () => {
    const weak = PAIRS.map(([ink, ground, least]) => {
      const [one, other] = [tokens.get(ink), tokens.get(ground)];
      if (!one || !other) throw new Error(`no token ${ink} or ${ground}`);
      return [ink, ground, contrast(one[theme], other[theme]), least] as const;
    }).filter(([, , found, least]) => found < least);
    expect(weak).toEqual([]);
  });
}
