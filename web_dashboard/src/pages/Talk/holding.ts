/** Notices that somebody lets go of what is held, wherever the pointer, the focus and the page are. */

/** Nobody speaks for so long without a breath; a button that is held longer is stuck. */
const MOST_MS = 60_000;
const KEYS = new Set([" ", "Enter"]);

/** Call `letGo` once: as soon as it is let go, can not be held any more, or was held for too long. */
export function whileHeld(letGo: () => void, mostMs = MOST_MS): () => void {
  const ends = new AbortController();
  const end = () => {
    if (ends.signal.aborted) return;
    stop();
    letGo();
  };
  // Before anything on the page can keep an event to itself.
  const options = { signal: ends.signal, capture: true };
  for (const kind of ["pointerup", "pointercancel", "lostpointercapture"])
    addEventListener(kind, end, options);
  addEventListener("keyup", (event) => KEYS.has(event.key) && end(), options);
  // Of the window alone: a button that loses the focus may still be held by the pointer.
  addEventListener("blur", (event) => !(event.target instanceof Element) && end(), options);
  addEventListener("pagehide", end, options);
  document.addEventListener("visibilitychange", () => document.hidden && end(), options);
  const timer = setTimeout(end, mostMs);
  const stop = () => {
    clearTimeout(timer);
    ends.abort();
  };
  return stop;
}
