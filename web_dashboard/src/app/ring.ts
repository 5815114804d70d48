/** The sound of what rings: made here, so that it sounds also where nothing can be loaded. */

import { useEffect, useState } from "react";
import { audioContext, useVoice } from "@/pages/Talk/audio/context";

const PERIOD_S = 2.4;
const TONES = [
  { hz: 784, at: 0 },
  { hz: 988, at: 0.22 },
  { hz: 1175, at: 0.44 },
];
const FADES_S = 0.5;
/** It begins so that nobody is startled, and can be heard in the next room in the end. */
const QUIET = 0.12;
const LOUD = 0.6;
const RISE_S = 20;
/** Under the hub's voice, which may say what rings. */
const UNDER_VOICE = 0.15;
const LOCK = "sotto-ringing";

/** One period of the bell. */
export function bell(rate: number): Float32Array<ArrayBuffer> {
  const samples = new Float32Array(Math.round(PERIOD_S * rate));
  for (const { hz, at } of TONES) {
    const start = Math.round(at * rate);
    for (let i = 0; start + i < samples.length; i++) {
      const seconds = i / rate;
      const strength = Math.min(1, seconds / 0.004) * Math.exp(-seconds / (FADES_S / 3));
      const wave = Math.sin(2 * Math.PI * hz * seconds) + Math.sin(4 * Math.PI * hz * seconds) / 4;
      samples[start + i] = (samples[start + i] as number) + wave * strength * 0.4;
    }
  }
  return samples;
}

/** Ring until stopped; returns how to stop. The browser repeats it: a hidden page has slow timers. */
function ring(context: AudioContext): () => void {
  const sound = bell(context.sampleRate);
  const buffer = context.createBuffer(1, sound.length, context.sampleRate);
  buffer.copyToChannel(sound, 0);
  const source = context.createBufferSource();
  source.buffer = buffer;
  source.loop = true;
  const gain = context.createGain();
  gain.gain.setValueAtTime(QUIET, context.currentTime);
  gain.gain.linearRampToValueAtTime(LOUD, context.currentTime + RISE_S);
  const duck = context.createGain();
  const listen = ({ sounds }: { sounds: boolean }) =>
    duck.gain.setTargetAtTime(sounds ? UNDER_VOICE : 1, context.currentTime, 0.1);
  listen(useVoice.getState());
  const stop = useVoice.subscribe(listen);
  source.connect(gain).connect(duck).connect(context.destination);
  source.start();
  return () => {
    stop();
    source.stop();
    duck.disconnect();
  };
}

/** Ring for as long as `rings`; returns whether the browser forbids it before a click. */
export function useRinging(rings: boolean): boolean {
  const [blocked, setBlocked] = useState(false);
  useEffect(() => {
    if (!rings) return;
    let context: AudioContext;
    try {
      context = audioContext();
    } catch {
      // A browser without sound shows it all the same.
      return;
    }
    const ends = new AbortController();
    const { signal } = ends;
    let begun = false;
    const begin = () => {
      const running = context.state === "running";
      setBlocked(!running);
      if (!running || begun) return;
      begun = true;
      void alone(signal, () => ring(context));
    };
    const allow = () => void context.resume();
    context.addEventListener("statechange", begin, { signal });
    for (const kind of ["pointerdown", "keydown"]) addEventListener(kind, allow, { signal });
    allow();
    begin();
    return () => {
      ends.abort();
      setBlocked(false);
    };
  }, [rings]);
  return blocked;
}

/** Sound until `signal`, in one of this browser's windows at a time. */
async function alone(signal: AbortSignal, sound: () => () => void): Promise<void> {
  const sounding = () =>
    new Promise<void>((resolve) => {
      if (signal.aborted) return resolve();
      const stop = sound();
      signal.addEventListener("abort", () => {
        stop();
        resolve();
      });
    });
  const locks = navigator.locks as LockManager | undefined;
  if (!locks) return sounding();
  // Aborted while another window sounds.
  await locks.request(LOCK, { signal }, sounding).catch(() => {});
}
