/** Puts things on a list. */

import { askJson } from "@/api/client";
import { portions, type Row } from "./entries";
import { itemsOf } from "./types";

interface Put {
  items: { id: string }[];
}

/** Put all of it on a list; return the ids, in order. */
export async function put(list: string, texts: readonly string[]): Promise<string[]> {
  const ids: string[] = [];
  for (const items of portions(texts)) {
    const done = await askJson<Put>(itemsOf(list), { method: "POST", json: { items } });
    ids.push(...done.items.map((one) => one.id));
  }
  return ids;
}

/** Put back what was taken off; what was checked off is so again. */
export async function putBack(list: string, rows: readonly Row[]): Promise<void> {
  const ids = await put(
    list,
    rows.map((row) => row.text),
  );
  for (const [at, id] of ids.entries()) if (rows[at]?.done) await check(list, id, true);
}

export function check(list: string, id: string, done: boolean): Promise<unknown> {
  return askJson(`${itemsOf(list)}/${id}`, { method: "PATCH", json: { done } });
}
