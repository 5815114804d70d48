/** Plays a turn again: its answer, or what was said. One at a time. */

import { create } from "zustand";
import { ask } from "@/api/client";
import { toast } from "@/components/toasts";

const LIMIT_MS = 60_000;

/** The path of what plays. */
export const useReplay = create<{ playing: string }>(() => ({ playing: "" }));

let audio: HTMLAudioElement | null = null;
let asking: AbortController | null = null;

export function stop(): void {
  asking?.abort();
  if (audio) {
    audio.pause();
    URL.revokeObjectURL(audio.src);
  }
  audio = null;
  useReplay.setState({ playing: "" });
}

/** Play what is at a path, or stop it. */
export async function toggle(path: string): Promise<void> {
  const again = useReplay.getState().playing === path;
  stop();
  if (again) return;
  useReplay.setState({ playing: path });
  const mine = new AbortController();
  asking = mine;
  try {
    const response = await ask(path, { signal: mine.signal, limitMs: LIMIT_MS });
    const sound = new Audio(URL.createObjectURL(await response.blob()));
    if (mine.signal.aborted) return;
    audio = sound;
    sound.onended = stop;
    sound.onerror = stop;
    await sound.play();
  } catch (error) {
    if (mine.signal.aborted) return;
    stop();
    toast(error instanceof Error ? error.message : String(error), { kind: "bad" });
  }
}
