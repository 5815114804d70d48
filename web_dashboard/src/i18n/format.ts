/** Numbers and times as the language of the page writes them. */

import i18n from "i18next";
import { useMemo } from "react";
import { useTranslation } from "react-i18next";
import { hubNow } from "@/api/clock";

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const UNITS = [
  ["day", DAY],
  ["hour", HOUR],
  ["minute", MINUTE],
  ["second", SECOND],
] as const;

export function formatsOf(language: string) {
  const number = new Intl.NumberFormat(language, { maximumFractionDigits: 1 });
  const time = new Intl.DateTimeFormat(language, { timeStyle: "short" });
  const date = new Intl.DateTimeFormat(language, { dateStyle: "medium" });
  const both = new Intl.DateTimeFormat(language, { dateStyle: "short", timeStyle: "medium" });
  const list = new Intl.ListFormat(language, { type: "conjunction" });
  const order = new Intl.Collator(language, { numeric: true, sensitivity: "base" });
  const since = new Intl.RelativeTimeFormat(language, { numeric: "auto", style: "short" });
  const unit = (value: number, name: string, digits = 0) =>
    new Intl.NumberFormat(language, {
      style: "unit",
      unit: name,
      unitDisplay: "short",
      maximumFractionDigits: digits,
    }).format(value);

  return {
    number: (value: number) => number.format(value),
    /** Things one after the other: "Kitchen, Office and Attic". */
    list: (things: Iterable<string>) => list.format(things),
    /** Which of two names comes first, for sorting. */
    compare: order.compare,
    celsius: (degrees: number) => unit(degrees, "celsius", 1),
    /** 0.5 is 50 %. */
    percent: (part: number) => new Intl.NumberFormat(language, { style: "percent" }).format(part),
    /** 50 is 50 %. */
    hundredths: (value: number) => unit(value, "percent", 1),
    time: (at: number | string) => time.format(new Date(at)),
    date: (at: number | string) => date.format(new Date(at)),
    dateTime: (at: number | string) => both.format(new Date(at)),
    /** How long ago, or in how long: "3 min ago". */
    ago: (at: number | string, now = hubNow()) => {
      const away = new Date(at).getTime() - now;
      const [name, size] = UNITS.find(([, one]) => Math.abs(away) >= one) ?? UNITS[3];
      return since.format(Math.round(away / size), name);
    },
    /** 340 ms, 1.2 s, 3 min. */
    duration: (ms: number) => {
      if (ms < SECOND) return unit(Math.round(ms), "millisecond");
      if (ms < MINUTE) return unit(ms / SECOND, "second", 1);
      if (ms < HOUR) return unit(ms / MINUTE, "minute", 1);
      return unit(ms / HOUR, "hour", 1);
    },
    /** As a clock shows it: 4:05, 1:02:03. */
    clock: (ms: number) => {
      const left = Math.max(0, Math.ceil(ms / SECOND));
      const [hours, minutes, seconds] = [
        Math.floor(left / 3600),
        Math.floor(left / 60) % 60,
        left % 60,
      ];
      const two = (part: number) => String(part).padStart(2, "0");
      return hours > 0 ? `${hours}:${two(minutes)}:${two(seconds)}` : `${minutes}:${two(seconds)}`;
    },
    bytes: (count: number) => {
      const names = ["byte", "kilobyte", "megabyte", "gigabyte", "terabyte"];
      let at = 0;
      let left = count;
      while (left >= 1000 && at < names.length - 1) {
        left /= 1000;
        at += 1;
      }
      return unit(left, names[at] ?? "byte", left < 10 && at > 0 ? 1 : 0);
    },
  };
}

export type Formats = ReturnType<typeof formatsOf>;

/** Where the browser knows the language's country, times are written as there. */
export function withCountry(language: string): string {
  return navigator.languages.find((one) => one.startsWith(`${language}-`)) ?? language;
}

export function useFormat(): Formats {
  const { i18n } = useTranslation();
  return useMemo(() => formatsNow(i18n.language), [i18n.language]);
}

let kept: { language: string; formats: Formats } | null = null;

/** Those of the language that the page speaks now, for what is no component. */
export function formatsNow(language = i18n.language): Formats {
  if (kept?.language !== language) kept = { language, formats: formatsOf(withCountry(language)) };
  return kept.formats;
}
