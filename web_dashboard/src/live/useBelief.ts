/** What was just asked for is shown at once, until the hub says how it is. */

import { useEffect, useState } from "react";

/** For so long it is believed; then what the hub says is shown, whatever it is. */
const BELIEVE_MS = 3000;

/** Return what to show, and how to say what was asked for; undefined: it went wrong. */
export function useBelief<T>(told: T): [T, (asked: T | undefined) => void] {
  const [asked, setAsked] = useState<{ value: T } | null>(null);
  useEffect(() => {
    if (asked === null) return;
    if (asked.value === told) {
      setAsked(null);
      return;
    }
    const timer = setTimeout(() => setAsked(null), BELIEVE_MS);
    return () => clearTimeout(timer);
  }, [asked, told]);
  return [
    asked === null ? told : asked.value,
    (value) => setAsked(value === undefined ? null : { value }),
  ];
}
