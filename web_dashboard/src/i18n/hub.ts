/**
 * What the hub says, in the language of the page. The hub gives an English text, and beside it the
 * text's name and what was put into it; where there is no translation, its English is shown.
 */

import i18n from "i18next";

/** A text by its name. A value with a name is a text in turn. */
export interface HubWords {
  key: string;
  values: Record<string, unknown>;
}

/** Return a text of the hub; `code` is that of a problem, which may say less than the text does. */
export function hubSays(text: string, words?: HubWords | null, code?: string): string {
  const named = words?.key ?? "";
  if (words && has(`words.${named}`)) return i18n.t(`hub:words.${named}`, valuesOf(words.values));
  return code && has(`codes.${code}`) ? i18n.t(`hub:codes.${code}`, { text }) : text;
}

/** Return what a part of the hub is called. */
export function hubName(name: string): string {
  return looked("names", name);
}

/** Return what a line of the log says. */
export function hubLogs(text: string): string {
  return looked("log", text);
}

/** Return what a setting or a section is for. Its words come with `hub_settings`. */
export function hubMeans(text: string): string {
  return looked("", text, "hub_settings");
}

function has(key: string): boolean {
  return i18n.resolvedLanguage !== "en" && i18n.exists(`hub:${key}`);
}

/** These are found by the English itself, which may have any character in it. */
function looked(part: string, text: string, namespace = "hub"): string {
  if (i18n.resolvedLanguage === "en") return text;
  const all = i18n.getResourceBundle(i18n.language, namespace);
  const texts: Record<string, string> | undefined = part ? all?.[part] : all;
  return texts?.[text] ?? text;
}

function valuesOf(values: Record<string, unknown>): Record<string, unknown> {
  const shown = Object.entries(values).map(([name, value]) => [
    name,
    isText(value) ? say(value) : value,
  ]);
  return Object.fromEntries(shown);
}

function isText(value: unknown): value is HubWords & { text: string } {
  return typeof value === "object" && value !== null && "key" in value && "text" in value;
}

function say(value: HubWords & { text: string }): string {
  return hubSays(value.text, value);
}
