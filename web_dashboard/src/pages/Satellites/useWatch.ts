/** Has satellites tell how loud it is there, for as long as somebody can see it. */

import { useEffect } from "react";
import { ask } from "@/api/client";
import { useConnection } from "@/live/live";

const EVERY_MS = 5000;

export function useWatch(wanted: boolean): void {
  const connected = useConnection() === "open";
  useEffect(() => {
    if (!wanted || !connected) return;
    const watch = () => {
      if (document.visibilityState === "visible")
        // What is not told is not shown; the next question comes by itself.
        ask("/v1/satellites/watch", { method: "POST" }).catch(() => {});
    };
    watch();
    const timer = setInterval(watch, EVERY_MS);
    document.addEventListener("visibilitychange", watch);
    return () => {
      clearInterval(timer);
      document.removeEventListener("visibilitychange", watch);
    };
  }, [wanted, connected]);
}
