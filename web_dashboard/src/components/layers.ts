/** Which of the open dialogs lies on top, and where over it what is urgent is shown. */

import { type RefObject, useEffect } from "react";
import { create } from "zustand";

interface Layer {
  id: string;
  urgent: HTMLElement | null;
}

const useLayers = create<{ open: readonly Layer[] }>(() => ({ open: [] }));

/** Be a layer over the others as long as one is shown; return whether none lies over it. */
export function useLayer(id: string, urgent: RefObject<HTMLElement | null>): boolean {
  useEffect(() => {
    const layer = { id, urgent: urgent.current };
    useLayers.setState(({ open }) => ({ open: [...open, layer] }));
    return () => useLayers.setState(({ open }) => ({ open: open.filter((one) => one !== layer) }));
  }, [id, urgent]);
  return useLayers(({ open }) => open.at(-1)?.id === id);
}

/** Whether the page itself is what can be reached. */
export function useGround(): boolean {
  return useLayers(({ open }) => open.length === 0);
}

/** Where the dialog on top shows what can not wait until it is closed; null: none is open. */
export function useUrgentPlace(): HTMLElement | null {
  return useLayers(({ open }) => open.at(-1)?.urgent ?? null);
}
