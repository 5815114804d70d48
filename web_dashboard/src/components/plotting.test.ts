import { expect, test } from "vitest";
import { alone, line, moments, nearest, ticks } from "./plotting";

test("levels are round, begin at nothing and reach over the largest value", () => {
  expect(ticks(340)).toEqual([0, 100, 200, 300, 400]);
  expect(ticks(1)).toEqual([0, 0.25, 0.5, 0.75, 1]);
  expect(ticks(1, true)).toEqual([0, 1]);
  expect(ticks(3, true)).toEqual([0, 1, 2, 3]);
  expect(ticks(9, true)).toEqual([0, 5, 10]);
  expect(ticks(0)).toEqual([0, 1]);
  expect(ticks(Number.NaN)).toEqual([0, 1]);
});

test("moments are full hours, and not too many", () => {
  const from = new Date(2026, 3, 1, 10, 17).getTime();
  const found = moments(from, from + 6 * 3_600_000, 6);
  expect(found.map((at) => new Date(at).getHours())).toEqual([11, 12, 13, 14, 15, 16]);
  expect(found.every((at) => new Date(at).getMinutes() === 0)).toBe(true);
});

test("a line breaks where nothing is known, and what stands alone is told", () => {
  const points = [1, 2, null, 4].map((value, at) => ({ at, value }));
  expect(line(points, { x: (at) => at, y: (value) => value })).toBe("M0.0 1.0L1.0 2.0M3.0 4.0");
  expect(alone(points)).toEqual([{ at: 3, value: 4 }]);
  expect(alone([{ at: 0, value: 0 }])).toHaveLength(1);
});

test("the point looked at is the nearest that has a value", () => {
  const points = [
    { at: 0, value: 5 },
    { at: 10, value: null },
    { at: 30, value: 7 },
  ];
  expect(nearest(points, 12)).toEqual({ at: 0, value: 5 });
  expect(nearest([], 12)).toBeUndefined();
});
