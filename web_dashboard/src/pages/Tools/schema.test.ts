import { expect, it } from "vitest";
import { argumentsOf, fields } from "./schema";

const SCHEMA = {
  type: "object",
  properties: {
    zone: { enum: ["front", "back"], description: "which part" },
    minutes: { type: "integer", minimum: 1, maximum: 30, default: 10 },
  },
  required: ["zone"],
};

it("makes fields of a schema, with what may be typed", () => {
  const [zone, minutes] = fields(SCHEMA);
  expect(zone).toMatchObject({ name: "zone", type: "string", required: true, hint: "front, back" });
  expect(minutes).toMatchObject({ required: false, hint: "1 … 30 · = 10" });
  expect(fields({})).toEqual([]);
});

it("sends numbers as numbers, leaves out what is empty, and leaves mistakes to the hub", () => {
  const wanted = fields(SCHEMA);
  expect(argumentsOf(wanted, { zone: " front ", minutes: "5" })).toEqual({
    zone: "front",
    minutes: 5,
  });
  expect(argumentsOf(wanted, { zone: "7", minutes: "" })).toEqual({ zone: "7" });
  expect(argumentsOf(wanted, { minutes: "five" })).toEqual({ minutes: "five" });
});
