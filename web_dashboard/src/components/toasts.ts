/** Short words on what was done, with a way to undo it. */

import { create } from "zustand";

export interface Toast {
  id: number;
  text: string;
  kind: "plain" | "bad";
  undo?: () => unknown;
}

/** More would hide the page; the oldest goes. */
const MOST = 3;
const SHOWN_MS = 5000;
const WITH_UNDO_MS = 10_000;
const BAD_MS = 12_000;

export const useToasts = create<{ toasts: Toast[] }>(() => ({ toasts: [] }));

let last = 0;
const timers = new Map<number, ReturnType<typeof setTimeout>>();

/** Show a text for a while; `undo` gives it a button. */
export function toast(text: string, more: { kind?: "plain" | "bad"; undo?: () => unknown } = {}) {
  last += 1;
  const made: Toast = { id: last, text, kind: more.kind ?? "plain" };
  if (more.undo) made.undo = more.undo;
  useToasts.setState(({ toasts }) => ({ toasts: [...toasts, made].slice(-MOST) }));
  keep(made, false);
}

export function dismiss(id: number): void {
  clearTimeout(timers.get(id));
  timers.delete(id);
  useToasts.setState(({ toasts }) => ({ toasts: toasts.filter((one) => one.id !== id) }));
}

/** Undo what was done last; return whether there was something to undo. */
export function undoLast(): boolean {
  const last = useToasts.getState().toasts.findLast((one) => one.undo);
  if (!last) return false;
  dismiss(last.id);
  last.undo?.();
  return true;
}

/** While somebody reads it, a toast stays. */
export function keep(one: Toast, read: boolean): void {
  clearTimeout(timers.get(one.id));
  if (read || !useToasts.getState().toasts.includes(one)) return;
  const shownMs = one.kind === "bad" ? BAD_MS : one.undo ? WITH_UNDO_MS : SHOWN_MS;
  timers.set(
    one.id,
    setTimeout(() => dismiss(one.id), shownMs),
  );
}
