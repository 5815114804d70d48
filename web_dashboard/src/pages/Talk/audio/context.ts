/** The one audio context, which a browser lets sound only after a click or a key. */

import { create } from "zustand";

let context: AudioContext | null = null;

/** Whether the hub's voice sounds here; other sounds are quieter then. */
export const useVoice = create(() => ({ sounds: false }));

export function audioContext(): AudioContext {
  context ??= new AudioContext({ latencyHint: "interactive" });
  return context;
}

/** Let it sound; to be called from a click or a key. */
export function unlock(): void {
  if (context?.state === "suspended" || !context) void audioContext().resume();
}

/** How long sound takes from here to the ear, in ms. */
export function latencyMs(): number {
  const seconds = (context?.outputLatency || context?.baseLatency) ?? 0;
  return Math.min(500, seconds * 1000);
}
