/** The list of conversations: what is looked for, and what was found so far. */

import { create } from "zustand";
import { askJson } from "@/api/client";
import { hubNow } from "@/api/clock";
import type { Conversation, Page } from "./types";

export const PAUSE_MS = 150;
const DAY_MS = 86_400_000;

export interface Wanted {
  q: string;
  room: string;
  outcome: string;
  /** Days back; "": any. */
  days: string;
}

export const ANY: Wanted = { q: "", room: "", outcome: "", days: "" };

interface Search {
  wanted: Wanted;
  items: Conversation[];
  next: string | null;
  status: "loading" | "more" | "ready" | "failed";
  problem: unknown;
}

export const useSearch = create<Search>(() => ({
  wanted: ANY,
  items: [],
  next: null,
  status: "loading",
  problem: null,
}));

let timer: ReturnType<typeof setTimeout> | undefined;
let asking: AbortController | null = null;

/** Look for something else, once the person pauses. */
export function look(change: Partial<Wanted>, pauseMs = PAUSE_MS): void {
  clearTimeout(timer);
  asking?.abort();
  useSearch.setState(({ wanted }) => ({ wanted: { ...wanted, ...change }, status: "loading" }));
  timer = setTimeout(() => void first(), pauseMs);
}

/** Get the first page anew; what is shown stays until it is there. */
export async function first(): Promise<void> {
  const page = await get(null);
  if (page) {
    useSearch.setState({
      items: page.items,
      next: page.next ?? null,
      status: "ready",
      problem: null,
    });
  }
}

/** Get the next page. */
export async function more(): Promise<void> {
  const { next, status } = useSearch.getState();
  if (!next || status !== "ready") return;
  useSearch.setState({ status: "more" });
  const page = await get(next);
  if (!page) return;
  useSearch.setState(({ items }) => {
    const known = new Set(items.map((one) => one.id));
    return {
      items: [...items, ...page.items.filter((one) => !known.has(one.id))],
      next: page.next ?? null,
      status: "ready",
    };
  });
}

/** Take in the newest, where the list stands at its beginning: what is further down stays. */
export async function refreshFirst(): Promise<void> {
  if (useSearch.getState().status !== "ready") return;
  const page = await get(null);
  if (!page) return;
  useSearch.setState(({ items, next }) => {
    const fresh = new Set(page.items.map((one) => one.id));
    const last = page.items.at(-1)?.last ?? "";
    const kept = items.filter((one) => !fresh.has(one.id) && one.last < last);
    return { items: [...page.items, ...kept], next: kept.length ? next : (page.next ?? null) };
  });
}

export function query(wanted: Wanted, after: string | null, now = hubNow()): string {
  const found = new URLSearchParams({ limit: "50" });
  for (const name of ["q", "room", "outcome"] as const) {
    if (wanted[name].trim()) found.set(name, wanted[name].trim());
  }
  if (wanted.days) {
    found.set("from", new Date(now - Number(wanted.days) * DAY_MS).toISOString());
  }
  if (after) found.set("after", after);
  return found.toString();
}

async function get(after: string | null): Promise<Page | null> {
  asking?.abort();
  const mine = new AbortController();
  asking = mine;
  try {
    const path = `/v1/conversations?${query(useSearch.getState().wanted, after)}`;
    const page = await askJson<Page>(path, { signal: mine.signal });
    return asking === mine ? page : null;
  } catch (error) {
    if (!mine.signal.aborted) {
      useSearch.setState({ status: "failed", problem: error });
    }
    return null;
  }
}

/** Return the list as it is shown: days, and below each its conversations. */
export type Row = { day: string } | { conversation: Conversation };

export function rows(items: Conversation[], hidden: ReadonlySet<string>): Row[] {
  const found: Row[] = [];
  let day = "";
  for (const conversation of items) {
    if (hidden.has(conversation.id)) continue;
    const own = new Date(conversation.last).toDateString();
    if (own !== day) {
      day = own;
      found.push({ day: conversation.last });
    }
    found.push({ conversation });
  }
  return found;
}

/** Return what people call a day: today, yesterday, or its date. */
export function dayName(day: Date, language: string, now = new Date(hubNow())): string {
  const noon = (date: Date) => new Date(date).setHours(12, 0, 0, 0);
  const ago = Math.round((noon(now) - noon(day)) / DAY_MS);
  if (ago === 0 || ago === 1) {
    return new Intl.RelativeTimeFormat(language, { numeric: "auto" }).format(-ago, "day");
  }
  return new Intl.DateTimeFormat(language, { dateStyle: "full" }).format(day);
}
