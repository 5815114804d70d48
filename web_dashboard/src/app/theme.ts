/** Light or dark: as the system says, or as chosen here. */

import { create } from "zustand";

export type Choice = "system" | "light" | "dark";
const KEY = "sotto-theme";

function stored(): Choice {
  const found = localStorage.getItem(KEY);
  return found === "light" || found === "dark" ? found : "system";
}

export const useTheme = create<{ choice: Choice }>(() => ({ choice: stored() }));

const dark = matchMedia("(prefers-color-scheme: dark)");

export function choose(choice: Choice): void {
  localStorage.setItem(KEY, choice);
  useTheme.setState({ choice });
  apply();
}

/** Of the browser's own frame around the page, like the surface of styles/tokens.css. */
const FRAME = { light: "#ffffff", dark: "#1c1f23" };

export function apply(): void {
  const { choice } = useTheme.getState();
  const shown = choice === "system" ? (dark.matches ? "dark" : "light") : choice;
  document.documentElement.dataset.theme = shown;
  for (const meta of document.querySelectorAll<HTMLMetaElement>("meta[name=theme-color]"))
    meta.content = FRAME[shown];
}

dark.addEventListener("change", apply);
