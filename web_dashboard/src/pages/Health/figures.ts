/** What the plots and lists of the page show, made of what the hub tells. */

import { formatsNow } from "@/i18n/format";
import type { Latency, Line } from "./api";

export interface Point {
  at: number;
  value: number | null;
}

/** Stages in the order in which a turn goes through them; others come after. */
const ORDER = ["response", "endpoint", "transcript", "intent", "thinking", "action", "first audio"];
/** They last as long as somebody speaks or listens: that is no delay. */
const NO_DELAY = new Set(["waiting for speech", "speech", "playback"]);

/** Return the stages that say how fast the hub is. */
export function stagesOf(latency: Latency): string[] {
  const rank = (stage: string) => {
    const at = ORDER.indexOf(stage);
    return at < 0 ? ORDER.length : at;
  };
  return Object.keys(latency.total)
    .filter((stage) => !NO_DELAY.has(stage))
    .sort((one, other) => rank(one) - rank(other) || formatsNow().compare(one, other));
}

/** Return the median and the slow ones of a stage; a span without turns is a gap. */
export function percentiles(latency: Latency, stage: string): { p50: Point[]; p95: Point[] } {
  const p50: Point[] = [];
  const p95: Point[] = [];
  let last: number | null = null;
  const widthMs = latency.width_s * 1000;
  for (const span of latency.spans) {
    const at = new Date(span.start).getTime() + widthMs / 2;
    if (last !== null && at - last > widthMs * 1.5) {
      p50.push({ at: last + widthMs, value: null });
      p95.push({ at: last + widthMs, value: null });
    }
    const found = span.stages[stage];
    p50.push({ at, value: found?.p50_ms ?? null });
    p95.push({ at, value: found?.p95_ms ?? null });
    last = at;
  }
  return { p50, p95 };
}

const LEVELS = ["debug", "info", "warning", "error", "critical"];

/** Return the lines of a level and above that hold the words, each once, the newest first. */
export function fitting(lines: Iterable<Line>, least: string, words: string): Line[] {
  const wanted = words.trim().toLowerCase();
  const found = new Map<number, Line>();
  for (const line of lines) {
    if (LEVELS.indexOf(line.level) < LEVELS.indexOf(least)) continue;
    if (wanted && !textOf(line).toLowerCase().includes(wanted)) continue;
    found.set(line.number, line);
  }
  return [...found.values()].sort((one, other) => other.number - one.number);
}

/** Return a line as text, with its values. */
export function textOf(line: Line): string {
  const values = Object.entries(line.values).map(([name, value]) => `${name}=${value}`);
  return [line.text, ...values].join(" ");
}
