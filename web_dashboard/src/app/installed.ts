/** The page on the device: its service worker, and files of a build that is gone. */

const RELOADED = "sotto-reloaded";
const ONCE_IN_MS = 30_000;
const AGAIN_MS = 2000;

export function install(): void {
  // Without encryption a browser has no service workers, and the page works without.
  if (import.meta.env.PROD) void navigator.serviceWorker?.register("/sw.js").catch(() => {});
}

/** The hub has a newer page, whose files have other names: load it, but not for ever. */
export function reloadWhenOutdated(): void {
  addEventListener("vite:preloadError", async () => {
    if (Math.abs(Date.now() - Number(sessionStorage.getItem(RELOADED))) < ONCE_IN_MS) return;
    // While the hub is away there is nothing to load, and much to lose.
    if (!(await answers())) return;
    sessionStorage.setItem(RELOADED, String(Date.now()));
    location.reload();
  });
}

/** Load a part of the page; while the hub is away, wait for it. */
export async function patiently<T>(load: () => Promise<T>): Promise<T> {
  for (;;) {
    try {
      return await load();
    } catch (error) {
      if (await answers()) throw error;
      await new Promise((resolve) => setTimeout(resolve, AGAIN_MS));
    }
  }
}

async function answers(): Promise<boolean> {
  try {
    return (await fetch("/health", { cache: "no-store", signal: AbortSignal.timeout(AGAIN_MS) }))
      .ok;
  } catch {
    return false;
  }
}
