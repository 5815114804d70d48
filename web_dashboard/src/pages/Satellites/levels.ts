/** What a level and a signal look like. */

/** What is quieter than this is no sound in a room. */
export const SILENT_DBFS = -90;

/** Return how far a bar goes for a level in dBFS, from 0 to 1. */
export function partOf(dbfs: number): number {
  return Math.min(1, Math.max(0, 1 - dbfs / SILENT_DBFS));
}

/** Return how many bars of four a signal has; one that is there has at least one. */
export function barsOf(share: number): number {
  return Math.min(4, Math.max(1, Math.ceil(share * 4)));
}
