/** What the settings page speaks of, and how it says it. */

import type { components } from "@/api/types";
import type { Role } from "@/app/session";

export type User = components["schemas"]["UserView"];
export type Login = components["schemas"]["LoginView"];
export type Token = components["schemas"]["TokenView"];
export type MadeToken = components["schemas"]["MadeToken"];
export type Setting = components["schemas"]["SettingView"];
export type HubSettings = components["schemas"]["SettingsView"];
export type Restored = components["schemas"]["RestoredView"];

export const ROLES: Role[] = ["owner", "member", "guest", "panel"];
export const SCOPES = ["read", "talk", "home", "satellites", "admin"] as const;
export type Scope = (typeof SCOPES)[number];
/** As the hub has it. */
export const LEAST_PASSWORD = 10;

const BROWSERS: [RegExp, string][] = [
  [/Edg\//, "Edge"],
  [/OPR\//, "Opera"],
  [/Firefox\//, "Firefox"],
  [/(Chrome|Chromium|CriOS)\//, "Chrome"],
  [/Safari\//, "Safari"],
];
const SYSTEMS: [RegExp, string][] = [
  [/iPad/, "iPad"],
  [/iPhone/, "iPhone"],
  [/Android/, "Android"],
  [/CrOS/, "ChromeOS"],
  [/Windows/, "Windows"],
  [/Mac OS X|Macintosh/, "macOS"],
  [/Linux|X11/, "Linux"],
];

/** Return what a browser calls itself in words that people use: "Firefox, Linux". */
export function clientName(client: string): string {
  const found = [BROWSERS, SYSTEMS]
    .map((names) => names.find(([sign]) => sign.test(client))?.[1])
    .filter(Boolean);
  return found.join(", ") || client.slice(0, 60);
}

/** Return a moment as people write it in a language. */
export function when(moment: string, language: string): string {
  // Of two people who read English one may write 9 PM and the other 21:00.
  const own = navigator.languages.find((one) => one.split("-")[0] === language) ?? language;
  return new Intl.DateTimeFormat(own, { dateStyle: "medium", timeStyle: "short" }).format(
    new Date(moment),
  );
}

/** Return what is wrong with a new password, as the name of a text; "": nothing. */
export function passwordProblem(password: string, again: string): "" | "short" | "differ" {
  if ([...password].length < LEAST_PASSWORD) return "short";
  return password === again ? "" : "differ";
}

export interface Section {
  name: string;
  settings: Setting[];
}

/** Return settings by section: those that have the words in name or text, and were set if asked. */
export function sections(settings: Setting[], words: string, onlySet: boolean): Section[] {
  const wanted = words.trim().toLowerCase();
  const found = new Map<string, Setting[]>();
  for (const one of settings) {
    if (onlySet && one.source === "default") continue;
    if (wanted && !`${one.name} ${one.text}`.toLowerCase().includes(wanted)) continue;
    const name = one.name.includes(".") ? one.name.slice(0, one.name.indexOf(".")) : "";
    found.set(name, [...(found.get(name) ?? []), one]);
  }
  return [...found].map(([name, below]) => ({ name, settings: below }));
}

/** Return a value as it is read: nothing is "–", and what is not set in a table is left out. */
export function shown(value: unknown): string {
  if (isNothing(value)) return "–";
  if (typeof value === "string") return value;
  return JSON.stringify(value, (key, one) => (key !== "" && isNothing(one) ? undefined : one), 1);
}

function isNothing(value: unknown): boolean {
  if (value === null || value === undefined || value === "") return true;
  return typeof value === "object" && Object.keys(value).length === 0;
}
