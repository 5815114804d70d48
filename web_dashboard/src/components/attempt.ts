/** Does what was clicked, and says what came of it. */

import { toast } from "./toasts";

interface Words {
  /** What to say when it is done; nothing: what is seen says it. */
  done?: string;
  /** How it is undone. */
  undo?: () => Promise<unknown>;
  /** Take back what was shown before the hub had done it. */
  rollback?: () => void;
}

/** Return whether it was done. What went wrong is shown in the hub's words. */
export async function attempt(work: () => Promise<unknown>, words: Words = {}): Promise<boolean> {
  try {
    await work();
  } catch (error) {
    words.rollback?.();
    toast(error instanceof Error ? error.message : String(error), { kind: "bad" });
    return false;
  }
  const { undo } = words;
  if (words.done) toast(words.done, undo ? { undo: () => attempt(undo) } : {});
  return true;
}
