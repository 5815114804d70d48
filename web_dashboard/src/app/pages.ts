/** The pages: where each is, who may see it, and what is loaded when it is opened. */

import { type ComponentType, lazy } from "react";
import type { IconName } from "@/components/Icon";
import { haveWords } from "@/i18n";
import { patiently } from "./installed";
import type { Role } from "./session";

export interface PageEntry {
  name: string;
  path: string;
  least: Role;
  icon: IconName;
  /** After g, the key that goes there. */
  key: string;
  Page: ComponentType;
  /** Loads it ahead. */
  load: () => Promise<unknown>;
  /** Loads what it says. */
  words: () => Promise<unknown>;
}

/** Words beside its own that a page is not drawn without. */
const WORDS_TOO: Record<string, string[]> = {
  talk: ["tool_names"],
  conversations: ["tool_names"],
};

function page(
  name: string,
  path: string,
  least: Role,
  icon: IconName,
  key: string,
  load: () => Promise<{ default: ComponentType }>,
): PageEntry {
  const words = () => haveWords(name, ...(WORDS_TOO[name] ?? []));
  const Page = lazy(async () => {
    const [page] = await Promise.all([patiently(load), words()]);
    return page;
  });
  return { name, path, least, icon, key, Page, load, words };
}

export const PAGES: PageEntry[] = [
  page("talk", "/", "guest", "talk", "t", () => import("@/pages/Talk")),
  page("home", "/home", "panel", "home", "h", () => import("@/pages/Home")),
  page("satellites", "/satellites", "panel", "satellites", "s", () => import("@/pages/Satellites")),
  page("timers", "/timers", "panel", "timers", "i", () => import("@/pages/Timers")),
  page(
    "conversations",
    "/conversations",
    "member",
    "conversations",
    "c",
    () => import("@/pages/Conversations"),
  ),
  page("engines", "/engines", "owner", "engines", "e", () => import("@/pages/Engines")),
  page("tools", "/tools", "owner", "tools", "o", () => import("@/pages/Tools")),
  // /health is the hub's own answer, to programs.
  page("health", "/health-report", "member", "health", "l", () => import("@/pages/Health")),
  page("settings", "/settings", "guest", "settings", ",", () => import("@/pages/Settings")),
];

/** The page that an address means. */
export function pageAt(pathname: string): PageEntry | undefined {
  const first = `/${pathname.split("/")[1]}`;
  return PAGES.find(({ path }) => path === first);
}
