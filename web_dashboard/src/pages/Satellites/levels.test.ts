import { expect, test } from "vitest";
import { barsOf, partOf } from "./levels";

test("a level fills the bar from the silence of a microphone to the loudest there is", () => {
  expect(partOf(-90)).toBe(0);
  expect(partOf(-45)).toBe(0.5);
  expect(partOf(0)).toBe(1);
  expect(partOf(-200)).toBe(0);
  expect(partOf(6)).toBe(1);
});

test("the weakest signal has a bar, and the strongest four", () => {
  expect([0, 0.25, 0.26, 0.75, 0.76, 1].map(barsOf)).toEqual([1, 1, 2, 3, 4, 4]);
});
