/** The page on the device: its service worker, and files of a build that is gone. */

const RELOADED = "sotto-reloaded";
const ONCE_IN_MS = 30_000;
const AGAIN_MS = 2000;
const STYLES_MS = 20_000;

export function install(): void {
  // Without encryption a browser has no service workers, and the page works without.
  if (import.meta.env.PROD) void navigator.serviceWorker?.register("/sw.js").catch(() => {});
}

/**
 * Load a part of the page; while the hub is away, wait for it. Where the hub has a newer page, whose
 * files have other names, that one is loaded; also where a part fails twice although the hub is
 * there, for many browsers do not ask again for what once failed. Throws what fails all the same.
 */
export async function patiently<T>(load: () => Promise<T>): Promise<T> {
  let failed = false;
  for (;;) {
    try {
      await lostStyles();
      return await load();
    } catch (error) {
      const hub = await ask();
      if (hub === "newer" || (hub === "same" && failed)) {
        reload();
        throw error;
      }
      // What failed may have been asked for while the hub was away, a moment ago.
      failed = hub === "same";
      if (!failed) await new Promise((resolve) => setTimeout(resolve, AGAIN_MS));
    }
  }
}

/** Styles that did not come, and those of them that are asked for again. */
const lost = new Set<HTMLLinkElement>();
const asked = new Map<string, Promise<unknown>>();

/** Notice styles that do not come: what loads a part of the page asks for each of them once. */
export function noticeLostStyles(): void {
  addEventListener(
    "error",
    ({ target }) => {
      if (target instanceof HTMLLinkElement && target.rel === "stylesheet") lost.add(target);
    },
    // A link's error does not bubble.
    { capture: true },
  );
}

async function lostStyles(): Promise<void> {
  for (const link of lost) {
    lost.delete(link);
    if (!link.isConnected) continue;
    const again = link.cloneNode() as HTMLLinkElement;
    const loaded = new Promise((resolve, reject) => {
      again.onload = resolve;
      const fail = () => reject(new Error(`${again.href} did not come`));
      again.onerror = fail;
      setTimeout(fail, STYLES_MS);
    });
    asked.set(
      again.href,
      loaded.finally(() => asked.delete(again.href)),
    );
    link.replaceWith(again);
  }
  await Promise.all(asked.values());
}

/** Load the page anew, but not for ever. */
function reload(): void {
  if (Math.abs(Date.now() - Number(sessionStorage.getItem(RELOADED))) < ONCE_IN_MS) return;
  sessionStorage.setItem(RELOADED, String(Date.now()));
  location.reload();
}

/** What the hub has to offer: nothing, the page that runs here, or a newer one. */
async function ask(): Promise<"away" | "same" | "newer"> {
  const options = () => ({ cache: "no-store", signal: AbortSignal.timeout(AGAIN_MS) }) as const;
  try {
    // Asked first: the page itself may come from the device.
    if (!(await fetch("/health", options())).ok) return "away";
    const answer = await fetch("/", options());
    if (!answer.ok) return "away";
    const page = await answer.text();
    const own = document.querySelector("script[type=module][src^='/assets/']");
    return !own || page.includes(`"${own.getAttribute("src")}"`) ? "same" : "newer";
  } catch {
    return "away";
  }
}
