/** A rule of the policy, as its form holds it. */

import type { Rule } from "./api";

export const LISTS = ["devices", "domains", "verbs", "tools", "rooms", "persons"] as const;
export type List = (typeof LISTS)[number];
export const DAYS = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"] as const;
export type Day = (typeof DAYS)[number];
export const RULINGS = ["allow", "confirm", "refuse"] as const;
export type Ruling = (typeof RULINGS)[number];

export interface RuleForm extends Record<List, string[]> {
  ruling: Ruling;
  from: string;
  until: string;
  weekdays: Day[];
  words: string;
}

export function ruleForm(rule: Rule | null): RuleForm {
  const [from = "", until = ""] = (rule?.hours ?? "").split("-");
  const lists = Object.fromEntries(LISTS.map((list) => [list, [...(rule?.[list] ?? [])]]));
  return {
    ...(lists as Record<List, string[]>),
    ruling: rule?.then ?? "confirm",
    from,
    until,
    weekdays: [...(rule?.weekdays ?? [])],
    words: rule?.words ?? "",
  };
}

/** Return it as the hub takes it; all days are no condition. */
export function ruleOf(form: RuleForm): Record<string, unknown> {
  const lists = LISTS.filter((list) => form[list].length > 0).map((list) => [list, form[list]]);
  const some = form.weekdays.length > 0 && form.weekdays.length < DAYS.length;
  return {
    // biome-ignore lint/suspicious/noThenProperty: the hub calls it so.
    then: form.ruling,
    ...Object.fromEntries(lists),
    ...(form.from || form.until ? { hours: `${form.from}-${form.until}` } : {}),
    ...(some ? { weekdays: DAYS.filter((day) => form.weekdays.includes(day)) } : {}),
    ...(form.ruling === "refuse" && form.words.trim() ? { words: form.words.trim() } : {}),
  };
}

/** Return the short name of a day; `day` counts from Monday. */
export function dayName(day: Day, language: string, style: "short" | "long" = "short"): string {
  // The first of January 2024 was a Monday.
  const date = new Date(Date.UTC(2024, 0, 1 + DAYS.indexOf(day)));
  return new Intl.DateTimeFormat(language, { weekday: style, timeZone: "UTC" }).format(date);
}
