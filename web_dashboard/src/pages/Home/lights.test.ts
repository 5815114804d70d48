import { expect, test } from "vitest";
import { warmthOf } from "./controls/LightControls";
import type { Device } from "./device";

const lamp = (attributes: Record<string, unknown>) => ({ attributes }) as unknown as Device;

test("a lamp's warmth goes as far as the lamp says, in whole steps", () => {
  const said = { color_temperature_min: 2203, color_temperature_max: 6536 };
  expect(warmthOf(lamp(said))).toEqual([2200, 6550]);
  expect(warmthOf(lamp({ color_temperature_max: 4000 }))).toEqual([2000, 4000]);
});

test("of a lamp that says nothing, or nonsense, the slider has two ends all the same", () => {
  expect(warmthOf(lamp({}))).toEqual([2000, 6500]);
  expect(warmthOf(lamp({ color_temperature_min: "cold" }))).toEqual([2000, 6500]);
  for (const ends of [
    { color_temperature_min: 9000 },
    { color_temperature_max: 1500 },
    { color_temperature_min: 5000, color_temperature_max: 3000 },
  ]) {
    const [warmest, coldest] = warmthOf(lamp(ends));
    expect(coldest).toBeGreaterThan(warmest);
  }
});
