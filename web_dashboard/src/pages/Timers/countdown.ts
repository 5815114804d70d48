/** What is left of timers, by the hub's clock. */

import { useEffect, useState } from "react";
import { hubNow } from "@/api/clock";
import type { NewTimer, Timer } from "./types";

/** What is left of a timer at a moment, in ms; nothing of one that is due. */
export function leftMs(timer: Timer, nowMs: number): number {
  if (timer.state === "paused" && timer.left_s != null) return timer.left_s * 1000;
  return Math.max(0, new Date(timer.due).getTime() - nowMs);
}

/** How much of a timer is over, from 0 to 1; null where it has no length. */
export function partOver(timer: Timer, nowMs: number): number | null {
  if (!timer.duration_s) return null;
  return Math.min(1, Math.max(0, 1 - leftMs(timer, nowMs) / (timer.duration_s * 1000)));
}

/** When what is shown of a timer changes next: its seconds are shown rounded up. */
export function nextTickMs(timers: readonly Timer[], nowMs: number): number | null {
  const waits = timers
    .filter((one) => one.state === "waiting")
    .map((one) => leftMs(one, nowMs))
    .filter((left) => left > 0)
    .map((left) => left % 1000 || 1000);
  return waits.length > 0 ? Math.min(...waits) + 1 : null;
}

/** Return the hub's time, anew whenever a second of one of the timers is over. */
export function useNow(timers: readonly Timer[]): number {
  const [now, setNow] = useState(hubNow);
  useEffect(() => {
    const wait = nextTickMs(timers, hubNow());
    if (wait === null) return;
    const timer = setTimeout(() => setNow(hubNow()), wait);
    return () => clearTimeout(timer);
  });
  return Math.max(now, hubNow() - 1000);
}

/** What sets a timer again that was cancelled, as it was. */
export function again(timer: Timer, nowMs: number): NewTimer {
  const same: NewTimer = { kind: timer.kind, name: timer.name, text: timer.text };
  if (timer.area) same.area = timer.area;
  if (timer.satellite) same.satellite = timer.satellite;
  if (timer.at && timer.weekdays.length > 0)
    return { ...same, at: timer.at, weekdays: timer.weekdays };
  if (timer.at && leftMs(timer, nowMs) > 0) return { ...same, at: timer.at, on: timer.on };
  return {
    ...same,
    after_s: Math.max(1, leftMs(timer, nowMs) / 1000),
    ...(timer.duration_s ? { duration_s: timer.duration_s } : {}),
    ...(timer.state === "paused" ? { paused: true } : {}),
  };
}

const SPAN = /^(?:(\d{1,3}):)?(\d{1,4}):(\d{2})$/;

/** Read a length: "5" is minutes, "1:30" minutes and seconds, "1:00:00" hours. Null: it is none. */
export function spanS(text: string): number | null {
  const plain = text.trim().replace(",", ".");
  const clock = SPAN.exec(plain);
  const seconds = clock
    ? Number(clock[1] ?? 0) * 3600 + Number(clock[2]) * 60 + Number(clock[3])
    : /^\d+(\.\d+)?$/.test(plain)
      ? Number(plain) * 60
      : Number.NaN;
  return seconds > 0 && seconds <= 400 * 86_400 ? seconds : null;
}
