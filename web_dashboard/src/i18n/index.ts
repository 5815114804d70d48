/** Texts of the page: a file for each language and page, loaded when it is needed. */

import i18n from "i18next";
import { initReactI18next } from "react-i18next";
import { patiently } from "@/app/installed";
import frame from "./en/frame.json";

export const LANGUAGES = { en: "English", de: "Deutsch", fr: "Français", es: "Español" } as const;
export type Language = keyof typeof LANGUAGES;
const KEY = "sotto-language";
/** The hub itself speaks English: what it says needs no other words then. */
const OF_THE_HUB = new Set(["hub", "hub_settings"]);

const files = import.meta.glob<{ default: Record<string, unknown> }>("./*/*.json");

const fromFiles = {
  type: "backend" as const,
  init() {},
  read(
    language: string,
    namespace: string,
    done: (error: unknown, texts: Record<string, unknown> | null) => void,
  ) {
    const load = files[`./${language}/${namespace}.json`];
    if (!load || (language === "en" && OF_THE_HUB.has(namespace))) {
      done(null, {});
      return;
    }
    // Without its words a page would show their names: it waits for them. The frame's are there in
    // English from the start.
    (namespace === "frame" ? load() : patiently(load)).then(
      (file) => done(null, file.default),
      (error: unknown) => done(error, null),
    );
  },
};

export function isLanguage(language: string | null | undefined): language is Language {
  return language != null && language in LANGUAGES;
}

/** Whether somebody has chosen a language on this device. */
export function isChosen(): boolean {
  return isLanguage(localStorage.getItem(KEY));
}

function first(): Language {
  const chosen = localStorage.getItem(KEY);
  if (isLanguage(chosen)) return chosen;
  const spoken = navigator.languages.map((one) => one.slice(0, 2)).find(isLanguage);
  return spoken ?? "en";
}

export async function start(): Promise<void> {
  i18n.on("languageChanged", (language) => {
    document.documentElement.lang = language;
  });
  await i18n
    .use(fromFiles)
    .use(initReactI18next)
    .init({
      lng: first(),
      fallbackLng: "en",
      defaultNS: "frame",
      ns: ["frame", "hub"],
      resources: { en: { frame } },
      partialBundledLanguages: true,
      interpolation: { escapeValue: false },
      react: { useSuspense: true },
    });
}

/** The language that the page speaks. */
export function language(): Language {
  return isLanguage(i18n.language) ? i18n.language : "en";
}

export function speak(language: Language): void {
  localStorage.setItem(KEY, language);
  void i18n.changeLanguage(language);
}

export default i18n;

/** Have the words of these at hand, or of everything; they come with each language from then on. */
export async function haveWords(...namespaces: string[]): Promise<void> {
  const all = Object.keys(files).map((path) => path.split(/[/.]/).at(-2) ?? "");
  await i18n.loadNamespaces(namespaces.length > 0 ? namespaces : [...new Set(all)]);
}
