/** Which models are shown, and how far one is. */

import type { Download, Model } from "./api";

const OVER = new Set(["done", "failed", "cancelled"]);

export function isOver(step: string): boolean {
  return OVER.has(step);
}

/** Return how far a download is, from 0 to 1; null: nobody knows. */
export function part(download: Pick<Download, "done_bytes" | "total_bytes">): number | null {
  const { done_bytes: done = 0, total_bytes: total } = download;
  return total ? Math.min(1, done / total) : null;
}

/** Return the models that are here, used or on their way, or all; those that fit the words.
 *
 * One that comes and is in no list is shown too. */
export function fitting(
  models: readonly Model[],
  words: string,
  all: boolean,
  downloads: Readonly<Record<string, Download>>,
): Model[] {
  const known = new Set(models.map((model) => model.name));
  const others: Model[] = Object.values(downloads)
    .filter((one) => !known.has(one.model))
    .map((one) => ({
      name: one.model,
      purpose: "",
      size_bytes: one.total_bytes ?? null,
      here: false,
      checked: true,
      used: false,
    }));
  const wanted = words.trim().toLowerCase().split(/\s+/).filter(Boolean);
  return [...models, ...others].filter((model) => {
    const text = `${model.name} ${model.purpose}`.toLowerCase();
    if (wanted.length > 0) return wanted.every((word) => text.includes(word));
    return all || model.here || model.used || model.name in downloads;
  });
}
