import { describe, expect, it } from "vitest";
import { again, leftMs, nextTickMs, partOver, spanS } from "./countdown";
import type { Timer } from "./types";

const NOW = Date.UTC(2026, 2, 1, 18, 0, 0);

function timer(more: Partial<Timer> = {}): Timer {
  return {
    id: "1",
    kind: "timer",
    state: "waiting",
    due: new Date(NOW + 90_500).toISOString(),
    left_s: null,
    name: "pasta",
    text: "",
    area: "Kitchen",
    satellite: null,
    duration_s: 120,
    at: null,
    on: "2026-03-01",
    weekdays: [],
    ...more,
  };
}

describe("what is left of a timer", () => {
  it("counts down by the hub's clock, and never below nothing", () => {
    expect(leftMs(timer(), NOW)).toBe(90_500);
    expect(leftMs(timer(), NOW + 100_000)).toBe(0);
  });

  it("stands still while it is paused", () => {
    const paused = timer({ state: "paused", left_s: 42 });
    expect(leftMs(paused, NOW)).toBe(42_000);
    expect(leftMs(paused, NOW + 100_000)).toBe(42_000);
  });

  it("is a part of its length, where it has one", () => {
    expect(partOver(timer({ due: new Date(NOW + 30_000).toISOString() }), NOW)).toBe(0.75);
    expect(partOver(timer({ duration_s: null }), NOW)).toBeNull();
    // More time was added than it had in the beginning.
    expect(partOver(timer({ due: new Date(NOW + 500_000).toISOString() }), NOW)).toBe(0);
  });

  it("is shown anew when a second of any timer is over, and not while none runs", () => {
    const late = timer({ due: new Date(NOW + 10_200).toISOString() });
    expect(nextTickMs([timer(), late], NOW)).toBe(201);
    expect(nextTickMs([timer({ due: new Date(NOW + 3000).toISOString() })], NOW)).toBe(1001);
    expect(nextTickMs([timer({ state: "paused", left_s: 3 })], NOW)).toBeNull();
    expect(nextTickMs([timer({ due: new Date(NOW - 1).toISOString() })], NOW)).toBeNull();
  });
});

describe("a timer that was cancelled", () => {
  it("is set again with what was left of it", () => {
    expect(again(timer(), NOW)).toEqual({
      kind: "timer",
      name: "pasta",
      text: "",
      area: "Kitchen",
      after_s: 90.5,
      duration_s: 120,
    });
  });

  it("is paused again if it was", () => {
    const made = again(timer({ state: "paused", left_s: 12 }), NOW);
    expect(made).toMatchObject({ after_s: 12, paused: true });
  });

  it("comes on its days again, or on its day", () => {
    const alarm = timer({ kind: "alarm", at: "07:00", weekdays: [0, 4], duration_s: null });
    expect(again(alarm, NOW)).toMatchObject({ at: "07:00", weekdays: [0, 4] });
    expect(again(alarm, NOW)).not.toHaveProperty("after_s");
    expect(again({ ...alarm, weekdays: [] }, NOW)).toMatchObject({ at: "07:00", on: "2026-03-01" });
  });

  it("is not set into the past", () => {
    const rang = timer({ due: new Date(NOW - 5000).toISOString() });
    expect(again(rang, NOW).after_s).toBe(1);
  });
});

describe("a length that is typed", () => {
  it.each([
    ["5", 300],
    [" 1.5 ", 90],
    ["1,5", 90],
    ["1:30", 90],
    ["90:00", 5400],
    ["1:00:00", 3600],
  ])("%s is %d seconds", (text, seconds) => {
    expect(spanS(text)).toBe(seconds);
  });

  it.each(["", "0", "soon", "-5", "1:2", "1:2:3:4", "999999999"])("%s is none", (text) => {
    expect(spanS(text)).toBeNull();
  });
});
