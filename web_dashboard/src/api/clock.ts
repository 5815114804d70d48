/** The hub's clock: that of this device may be wrong, or be set while the page is open. */

/** What the hub told, and when by the page's own stopwatch, which nobody sets. */
let told: { at: number; since: number } | null = null;
/** A head tells whole seconds, and is on its way for a while. */
const ROUGH_MS = 2000;

/** Say what time the hub has just told. */
export function hubSaid(now: string | number | undefined | null): void {
  const at = now == null ? Number.NaN : new Date(now).getTime();
  if (Number.isFinite(at)) told = { at, since: performance.now() };
}

/** Say what the head of the hub's answer told: it counts where the time known is far from it. */
export function hubDated(response: Response): void {
  const at = Date.parse(response.headers.get("Date") ?? "") + 500;
  if (Math.abs(at - hubNow()) > ROUGH_MS) hubSaid(at);
}

/** Return the time by the hub's clock, in milliseconds since 1970. */
export function hubNow(): number {
  return told ? told.at + performance.now() - told.since : Date.now();
}
