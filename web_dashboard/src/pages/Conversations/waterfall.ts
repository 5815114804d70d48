/** Where the bars of a turn's waterfall stand: places are shares of the width, from 0 to 1. */

import type { Stage, Tool } from "./types";

export type Kind = "person" | "wait" | "work" | "sound" | "tool";

export interface Bar {
  key: string;
  /** The stage's name, or the tool's. */
  name: string;
  kind: Kind;
  left: number;
  width: number;
  startMs: number;
  tookMs: number;
  /** Whether it began before, or ends after, what is shown. */
  cutLeft: boolean;
  cutRight: boolean;
}

export interface Waterfall {
  bars: Bar[];
  ticks: { at: number; ms: number }[];
  /** When the person had finished, and when the answer began to sound. */
  marks: { name: "spoken" | "sounds"; at: number; ms: number }[];
}

const KINDS: Record<string, Kind> = {
  "waiting for speech": "wait",
  speech: "person",
  endpoint: "wait",
  playback: "sound",
  "first audio": "sound",
};
/** Speech and playback take long and explain nothing: this much of the rest is shown of each. */
const SHOWN = 0.35;
const LEAST_MS = 150;
const LEAST_WIDTH = 0.006;
const STEPS_MS = [50, 100, 200, 500, 1000, 2000, 5000, 10_000, 30_000, 60_000];
const MOST_TICKS = 6;

export function waterfall(stages: Stage[], tools: Tool[]): Waterfall {
  const all = [
    ...stages.map((stage) => ({ ...stage, kind: KINDS[stage.name] ?? ("work" as Kind) })),
    ...tools.map((tool) => ({ ...tool, name: tool.tool, kind: "tool" as Kind })),
  ].sort((a, b) => a.start_ms - b.start_ms || b.end_ms - a.end_ms);
  if (!all.length) return { bars: [], ticks: [], marks: [] };

  const speech = stages.find((stage) => stage.name === "speech");
  const playback = stages.find((stage) => stage.name === "playback");
  let from = Math.min(...all.map((one) => one.start_ms));
  let to = Math.max(...all.map((one) => one.end_ms));
  if (speech && playback && playback.start_ms > speech.end_ms) {
    const side = Math.max((playback.start_ms - speech.end_ms) * SHOWN, LEAST_MS);
    from = Math.max(from, speech.end_ms - side);
    to = Math.min(to, playback.start_ms + side);
  }
  const span = Math.max(to - from, 1);
  const place = (ms: number) => Math.min(Math.max((ms - from) / span, 0), 1);

  const bars = all.map((one, index) => {
    const left = Math.min(place(one.start_ms), 1 - LEAST_WIDTH);
    return {
      key: `${index}-${one.name}`,
      name: one.name,
      kind: one.kind,
      left,
      width: Math.max(place(one.end_ms) - left, LEAST_WIDTH),
      startMs: one.start_ms,
      tookMs: one.end_ms - one.start_ms,
      cutLeft: one.start_ms < from,
      cutRight: one.end_ms > to,
    };
  });
  // Time is counted from when the person had finished, where somebody spoke.
  const zero = speech?.end_ms ?? from;
  const marks: Waterfall["marks"] = [];
  if (speech) marks.push({ name: "spoken", at: place(speech.end_ms), ms: 0 });
  if (playback) {
    marks.push({ name: "sounds", at: place(playback.start_ms), ms: playback.start_ms - zero });
  }
  const step = STEPS_MS.find((one) => span / one <= MOST_TICKS) ?? span / MOST_TICKS;
  const ticks = [];
  for (let ms = Math.ceil((from - zero) / step) * step + 0; ms <= to - zero; ms += step) {
    ticks.push({ at: place(ms + zero), ms });
  }
  return { bars, ticks, marks };
}

/** Return a time as people read it, in the units of all our languages: 85 ms, 1.3 s. */
export function took(ms: number, language: string): string {
  const [value, unit] = Math.abs(ms) < 1000 ? [Math.round(ms), "ms"] : [ms / 1000, "s"];
  const number = new Intl.NumberFormat(language, { maximumFractionDigits: 1 });
  return `${number.format(value)}\u00a0${unit}`;
}
