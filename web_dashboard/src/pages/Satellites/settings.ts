/** What a satellite's settings look like in a form, and what the form's texts mean. */

import type { Setting } from "./types";

export type Editor =
  | "switch"
  | "slider"
  | "number"
  | "choice"
  | "wake-words"
  | "words"
  | "table"
  | "text";

/** Wake words that come with every satellite. */
export const WAKE_WORDS = ["okay_nabu", "hey_jarvis", "hey_mycroft", "alexa"];

export function editorOf(setting: Setting): Editor {
  if (setting.name === "wake_words") return "wake-words";
  switch (setting.kind) {
    case "boolean":
      return "switch";
    case "integer":
    case "number":
      return setting.least != null && setting.greatest != null ? "slider" : "number";
    case "choice":
      return "choice";
    case "list":
      return "words";
    case "table":
      return "table";
    default:
      return "text";
  }
}

/** Shares of one go in steps of 5 %, other numbers in a hundredth of their reach. */
export function stepOf(setting: Setting): number {
  const reach = (setting.greatest ?? 1) - (setting.least ?? 0);
  if (setting.kind === "integer") return 1;
  return reach <= 1 ? 0.05 : reach <= 40 ? 0.5 : reach / 100;
}

export type Group = "voice" | "wake" | "sound" | "lights" | "sounds";
const ORDER: Group[] = ["wake", "voice", "sound", "lights", "sounds"];
/** These have a place of their own on the card. */
const ON_CARD = new Set(["volume", "muted"]);
/** What is changed often stands first, what is seldom changed behind "more". */
const FIRST = [
  "wake_words",
  "wake.sensitivity",
  "wake.mode",
  "sounds.enabled",
  "lights.brightness",
];
const SELDOM = new Set([
  "wake.languages",
  "wake.sensitivities",
  "wake.refractory_s",
  "wake.stop_word",
  "lights.colours",
]);

export function isSeldom(setting: Setting): boolean {
  return SELDOM.has(setting.name);
}

export function groupOf(name: string): Group {
  const first = name.split(".")[0] ?? "";
  if (first === "wake" || first === "wake_words") return "wake";
  if (first === "sound" || first === "barge_in") return "sound";
  if (first === "lights" || first === "sounds") return first;
  return "voice";
}

/** Return the settings of each group, the most used group first. */
export function grouped(settings: readonly Setting[]): [Group, Setting[]][] {
  return ORDER.map((group): [Group, Setting[]] => [
    group,
    settings
      .filter((one) => !ON_CARD.has(one.name) && groupOf(one.name) === group)
      .sort((one, other) => placeOf(one) - placeOf(other)),
  ]).filter(([, found]) => found.length > 0);
}

function placeOf(setting: Setting): number {
  const place = FIRST.indexOf(setting.name);
  return place < 0 ? FIRST.length : place;
}

/** Whether it is another than the satellite's own file says. */
export function isChanged(setting: Setting): boolean {
  return JSON.stringify(setting.value) !== JSON.stringify(setting.own);
}

/** Return a value as the text of an input. */
export function written(value: unknown): string {
  if (Array.isArray(value)) return value.join(", ");
  if (value !== null && typeof value === "object")
    return Object.entries(value)
      .map(([name, one]) => `${name} = ${String(one)}`)
      .join("\n");
  return value === null || value === undefined ? "" : String(value);
}

export type Read = { value: unknown } | { problem: "number" | "table" | "many" };

/** Return what a text means as the value of a setting. */
export function read(setting: Setting, text: string): Read {
  const plain = text.trim();
  switch (editorOf(setting)) {
    case "number":
    case "slider": {
      const value = Number(plain.replace(",", "."));
      return plain === "" || !Number.isFinite(value) ? { problem: "number" } : { value };
    }
    case "wake-words":
    case "words": {
      const value = plain.split(/[,\n]/).flatMap((one) => one.trim() || []);
      if (setting.greatest != null && value.length > setting.greatest) return { problem: "many" };
      return { value };
    }
    case "table": {
      const value: Record<string, unknown> = {};
      for (const line of plain.split("\n").filter((one) => one.trim())) {
        const [name, ...rest] = line.split("=");
        const said = rest.join("=").trim();
        if (!name?.trim() || !said) return { problem: "table" };
        const number = Number(said.replace(",", "."));
        value[name.trim()] = Number.isFinite(number) ? number : said;
      }
      return { value };
    }
    default:
      return { value: plain };
  }
}
