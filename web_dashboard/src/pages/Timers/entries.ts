/** What is on a list, and what is put on it. */

import type { Item } from "./types";

export interface Row {
  id: string;
  text: string;
  done: boolean;
}

/** The hub takes so many at once, so many on a list, and nothing longer. */
const AT_ONCE = 50;
const MOST = 500;
const MOST_CHARS = 200;
/** More has too many things in it, or too long ones: it need not be looked through. */
const MOST_TEXT = MOST * (MOST_CHARS + 2);
const SHOWN_CHARS = 30;

/** Return the things that a text names: between commas, semicolons or ends of lines. */
export function entriesOf(text: string): string[] {
  const found = text
    .split(/[\n;]|,(?!\d)/)
    .map((one) => one.replace(/\s+/g, " ").trim())
    .filter(Boolean);
  return [...new Set(found)];
}

/** Return what keeps a text from being put on a list, as a name of words and what is put in. */
export function tooMuch(
  text: string,
): { key: "bad.many" | "bad.long"; most: number; text?: string } | null {
  if (text.length > MOST_TEXT) return { key: "bad.many", most: MOST };
  const found = entriesOf(text);
  const long = found.find((one) => one.length > MOST_CHARS);
  if (long) return { key: "bad.long", most: MOST_CHARS, text: long.slice(0, SHOWN_CHARS) };
  return found.length > MOST ? { key: "bad.many", most: MOST } : null;
}

/** Return all of it, in portions that the hub takes. */
export function portions<T>(all: readonly T[]): T[][] {
  const count = Math.ceil(all.length / AT_ONCE);
  return Array.from({ length: count }, (_, one) => all.slice(one * AT_ONCE, (one + 1) * AT_ONCE));
}

/** Return what is on one list, in its order. */
export function rowsOf(items: Record<string, Item>, list: string): Row[] {
  return Object.entries(items)
    .filter(([, item]) => item.list === list)
    .sort(([, one], [, other]) => one.place - other.place)
    .map(([id, item]) => ({ id, text: item.text, done: item.done }));
}
