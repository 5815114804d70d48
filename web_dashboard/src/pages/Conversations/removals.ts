/** Deleting with a way back: hidden at once, and gone when the words that offer undo are. */

import { create } from "zustand";
import { ApiProblem, ask } from "@/api/client";
import { beforeSignOut } from "@/app/session";
import { dismiss, toast, useToasts } from "@/components/toasts";

export interface Removal {
  id: string;
  /** Where it is in the API. */
  path: string;
  /** What to say of it. */
  text: string;
}

/** Ids of all that is hidden. */
export const useHidden = create<{ hidden: ReadonlySet<string> }>(() => ({ hidden: new Set() }));

/** What is deleted when its toast has gone, by the toast's id. */
const waiting = new Map<number, Removal>();

/** Hide something, and delete it unless that is taken back. */
export function remove(removal: Removal): void {
  useHidden.setState(({ hidden }) => ({ hidden: new Set([...hidden, removal.id]) }));
  toast(removal.text, { undo: () => takeBack(id) });
  const id = useToasts.getState().toasts.at(-1)?.id ?? 0;
  waiting.set(id, removal);
}

function takeBack(id: number): void {
  const removal = waiting.get(id);
  if (!removal) return;
  waiting.delete(id);
  show(removal.id);
}

async function carryOut(removal: Removal): Promise<void> {
  try {
    await ask(removal.path, { method: "DELETE" });
  } catch (error) {
    if (error instanceof ApiProblem && error.status === 404) return; // it is gone already
    show(removal.id);
    toast(error instanceof Error ? error.message : String(error), { kind: "bad" });
  }
}

function show(id: string): void {
  useHidden.setState(({ hidden }) => ({
    hidden: new Set([...hidden].filter((one) => one !== id)),
  }));
}

useToasts.subscribe(({ toasts }) => {
  const shown = new Set(toasts.map((one) => one.id));
  // Undo takes its toast away first, and only then acts.
  queueMicrotask(() => {
    for (const [id, removal] of waiting) {
      if (shown.has(id)) continue;
      waiting.delete(id);
      void carryOut(removal);
    }
  });
});

// Nor has whoever signs out, or closes the page.
beforeSignOut(() => {
  const all = [...waiting];
  waiting.clear();
  for (const [id] of all) dismiss(id);
  return Promise.all(all.map(([, removal]) => carryOut(removal)));
});
addEventListener("pagehide", () => {
  for (const { path } of waiting.values()) {
    void fetch(path, { method: "DELETE", keepalive: true, credentials: "same-origin" });
  }
  waiting.clear();
});
