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
}

function page(
  name: string,
  path: string,
  least: Role,
  icon: IconName,
  key: string,
  load: () => Promise<{ default: ComponentType }>,
): PageEntry {
  const Page = lazy(async () => {
    const [page] = await Promise.all([patiently(load), haveWords(name)]);
    return page;
  });
  return { name, path, least, icon, key, Page, load };
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
