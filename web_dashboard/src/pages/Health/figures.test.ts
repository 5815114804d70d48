import { expect, it } from "vitest";
import { type Latency, type Line, latencyPath } from "./api";
import { fitting, percentiles, stagesOf, textOf } from "./figures";

const NOON = Date.UTC(2026, 10, 28, 12);
const HOUR = 3_600_000;

function latency(hours: number[]): Latency {
  const of = { count: 1, p50_ms: 400, p95_ms: 800, max_ms: 900 };
  return {
    since: "",
    until: "",
    width_s: 3600,
    turns: hours.length,
    spans: hours.map((hour) => ({
      start: new Date(NOON + hour * HOUR).toISOString(),
      turns: 1,
      stages: { response: of },
    })),
    total: { playback: of, transcript: of, other: of, response: of },
  };
}

function line(number: number, level: string, text: string, values = {}): Line {
  return { number, at: "2026-11-28T12:00:00Z", level, text, values };
}

it("shows stages in the order of a turn, without those that are no delay", () => {
  expect(stagesOf(latency([0]))).toEqual(["response", "transcript", "other"]);
});

it("has a gap where nobody spoke", () => {
  const { p50 } = percentiles(latency([0, 1, 5]), "response");
  expect(p50.map((point) => point.value)).toEqual([400, 400, null, 400]);
  expect(p50[0]?.at).toBe(NOON + HOUR / 2);
});

it("asks for the same within a minute, so that it is asked once", () => {
  expect(latencyPath("day", NOON + 1000)).toBe(latencyPath("day", NOON + 59_000));
  expect(latencyPath("month", NOON)).toContain("width_s=86400");
});

it("finds lines by level and words, each once, the newest first", () => {
  const lines = [
    line(1, "info", "turn"),
    line(2, "error", "broken", { engine: "Piper" }),
    line(2, "error", "broken", { engine: "Piper" }),
    line(3, "warning", "slow"),
  ];
  expect(fitting(lines, "info", "").map((one) => one.number)).toEqual([3, 2, 1]);
  expect(fitting(lines, "warning", "").map((one) => one.number)).toEqual([3, 2]);
  expect(fitting(lines, "info", "piper").map((one) => one.number)).toEqual([2]);
  expect(textOf(lines[1] as Line)).toBe("broken engine=Piper");
});
