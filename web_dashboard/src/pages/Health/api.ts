/** What the Health page asks the hub. */

import type { components } from "@/api/types";

type Schemas = components["schemas"];
export type Details = Schemas["Details"];
export type Part = Schemas["Part"];
export type Line = Schemas["Line"];
export type Finding = Schemas["Finding"];
export type Machine = Schemas["Machine"];
export type ErrorCount = Schemas["ErrorCount"];

/** How long turns took: percentiles by stage, over time. */
export type Latency = Schemas["Latency"];

export const DETAILS = "/v1/health/details";
export const FINDINGS = "/v1/health/findings";

const DAY_S = 86_400;
/** Choices of how far back the plots look, with how wide a span is. */
export const RANGES = {
  day: { back_s: DAY_S, width_s: 3600 },
  week: { back_s: 7 * DAY_S, width_s: 6 * 3600 },
  month: { back_s: 30 * DAY_S, width_s: DAY_S },
} as const;
export type Range = keyof typeof RANGES;

/** Return where the latencies of a range are; the same for a minute, so that it is asked once. */
export function latencyPath(range: Range, nowMs: number): string {
  const { back_s, width_s } = RANGES[range];
  const to = Math.ceil(nowMs / 60_000) * 60_000;
  const query = new URLSearchParams({
    from: new Date(to - back_s * 1000).toISOString(),
    to: new Date(to).toISOString(),
    width_s: String(width_s),
  });
  return `/v1/health/latency?${query}`;
}
