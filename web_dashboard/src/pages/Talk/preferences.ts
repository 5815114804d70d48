/** What this browser remembers: how it talks, and what was typed and not sent. */

export interface Preferences {
  area: string | null;
  language: string | null;
  speak: boolean;
  /** The wake word that hands-free listening waits for; null: for none. */
  wake: string | null;
  volume: number;
  microphone: string | null;
  speaker: string | null;
}

const KEY = "sotto-talk";
const DRAFT = "sotto-draft";
const UNSENT = "sotto-unsent";
const TAB = "sotto-tab";
const MOST_KEPT_CHARS = 100_000;

const DEFAULTS: Preferences = {
  area: null,
  language: null,
  speak: true,
  wake: null,
  volume: 1,
  microphone: null,
  speaker: null,
};

export function preferences(): Preferences {
  try {
    return { ...DEFAULTS, ...(JSON.parse(localStorage.getItem(KEY) ?? "{}") as object) };
  } catch {
    return DEFAULTS;
  }
}

export function remember(chosen: Preferences): void {
  kept(() => localStorage.setItem(KEY, JSON.stringify(chosen)));
}

/** What was typed and not sent; before it what waited for the hub when the page was loaded anew. */
export function draft(): string {
  const typed = [...unsent(), sessionStorage.getItem(DRAFT) ?? ""].filter(Boolean).join("\n");
  rememberDraft(typed);
  rememberUnsent([]);
  return typed;
}

/** Remember what waits for the hub: nobody knows when it comes back, nor who reloads meanwhile. */
export function rememberUnsent(texts: readonly string[]): void {
  kept(() =>
    texts.length > 0
      ? sessionStorage.setItem(UNSENT, JSON.stringify(texts))
      : sessionStorage.removeItem(UNSENT),
  );
}

function unsent(): string[] {
  try {
    const found: unknown = JSON.parse(sessionStorage.getItem(UNSENT) ?? "[]");
    return Array.isArray(found) ? found.map(String) : [];
  } catch {
    return [];
  }
}

export function rememberDraft(text: string): void {
  if (text.length <= MOST_KEPT_CHARS) kept(() => sessionStorage.setItem(DRAFT, text));
}

/** Return this window's id: the same after a reload, another one for each window. */
export async function tabId(): Promise<string> {
  const known = sessionStorage.getItem(TAB);
  if (known && (await claim(known))) return known;
  const made = `tab-${random()}`;
  kept(() => sessionStorage.setItem(TAB, made));
  await claim(made);
  return made;
}

/** Return what this window is called where satellites are listed: whose it is, and on what. */
export function deviceName(who: string | undefined): string {
  const kind = /Android|iPhone|iPad|Macintosh|Windows|Linux/.exec(navigator.userAgent)?.[0];
  const name = [who, kind ?? "Browser"].filter(Boolean).join(", ");
  // By characters: half of one is none, and the hub would not understand it.
  return [...name].slice(0, 64).join("");
}

/** A window that is duplicated has the other's id: whoever holds the lock keeps it. */
async function claim(id: string): Promise<boolean> {
  const locks = navigator.locks as LockManager | undefined;
  if (!locks) return false;
  return new Promise((resolve) => {
    void locks.request(`sotto-${id}`, { ifAvailable: true }, (lock) => {
      resolve(lock !== null);
      return lock ? new Promise(() => {}) : undefined;
    });
  });
}

function random(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(8));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

function kept(keep: () => void): void {
  try {
    keep();
  } catch {
    // A full or forbidden store costs the memory, not the talk.
  }
}
