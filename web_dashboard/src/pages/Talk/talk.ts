/** The talk of this window: socket, microphone and speaker, and what the page shows of them. */

import { create } from "zustand";
import { useSession } from "@/app/session";
import { hubSays } from "@/i18n/hub";
import { unlock, useVoice } from "./audio/context";
import {
  type Lack,
  lacking,
  NoMicrophone,
  type OpenMicrophone,
  openMicrophone,
} from "./audio/microphone";
import { Speaker } from "./audio/speaker";
import { whileHeld } from "./holding";
import type { Down, TalkState, Up, WakeWord, Welcome } from "./messages";
import * as memory from "./preferences";
import { type Link, TalkSocket } from "./socket";
import { after, lost, moved, type Turn, typedTurn } from "./turns";

export type Mode = "off" | "hold" | "hands-free";

interface Talk {
  link: Link;
  state: TalkState;
  turns: Turn[];
  welcome: Welcome | null;
  mode: Mode;
  microphone: boolean;
  lack: Lack | null;
  draft: string;
  chosen: memory.Preferences;
  blocked: boolean;
  identifying: boolean;
  problem: string;
  /** The sentence that sounds. */
  saying: string;
}

export const useTalk = create<Talk>(() => ({
  link: "connecting",
  state: "idle",
  turns: [],
  welcome: null,
  mode: "off",
  microphone: false,
  lack: lacking(),
  draft: memory.draft(),
  chosen: memory.preferences(),
  blocked: false,
  identifying: false,
  problem: "",
  saying: "",
}));

const { getState: now, setState: set } = useTalk;
useTalk.subscribe(({ state }) => useVoice.setState({ sounds: state === "speaking" }));
const KEEP_OPEN_MS = 60_000;

/** What the hub says when it does not wait for a wake word: nobody is listened to then. */
const NOT_WAITING = new Set(["unknown-wake-word", "too-many-wake-words"]);

let begun = false;
let held: (() => void) | null = null;
/** The turn that what is held was said in. */
let heldTurn: number | null = null;
/** Whether the socket is closed to greet anew, and nothing is lost. */
let renewing = false;
let device = "";
let input: OpenMicrophone | null = null;
let opening: Promise<boolean> | null = null;
let closing: ReturnType<typeof setTimeout> | undefined;
let echoCancelled = true;
let numbers = 0;

const socket = new TalkSocket({
  hello: () => ({
    type: "hello",
    version: 1,
    device,
    name: memory.deviceName(useSession.getState().who?.name),
    area: now().chosen.area,
    language: now().chosen.language,
    microphone: input !== null,
    echo_cancelled: echoCancelled,
    volume: now().chosen.volume,
  }),
  said: take,
  heard: (frame) => speaker.play(frame),
  linked: (link) => {
    set({ link });
    if (link === "open") return;
    // Who goes on holding holds nothing any more.
    if (!renewing) release();
    if (link === "connecting" || link === "lost") speaker.letRun();
    else speaker.reset();
    set((talk) => ({ turns: lost(talk.turns), state: "idle", saying: "" }));
  },
  welcomed: (welcome) => {
    set({ welcome, problem: "" });
    renewing = false;
    if (now().mode === "hold") socket.send({ type: "begin", mode: "hold" });
    if (now().mode === "hands-free") listen();
  },
  waits: (typed) => memory.rememberUnsent(typed.map((one) => one.text)),
});

export const speaker = new Speaker(
  (message) => socket.send(message),
  (turn, positionMs) => set((talk) => ({ turns: moved(talk.turns, turn, positionMs) })),
);
speaker.volume = now().chosen.volume;

/** What the microphone and the speaker give to draw; null: it is off. */
export const analysers = () => ({ microphone: input?.analyser ?? null, speaker: speaker.analyser });

/** Talk from now on, whatever page is shown: until the window is closed or somebody logs out. */
export function open(): void {
  const signedIn = () => useSession.getState().standing === "signed-in";
  if (begun) {
    // It was ended, perhaps: by another window.
    if (device && signedIn()) socket.start();
    return;
  }
  begun = true;
  void memory.tabId().then((id) => {
    device = id;
    if (signedIn()) socket.start();
  });
  useSession.subscribe((session, before) => {
    if (!device || session.standing === before.standing) return;
    if (signedIn()) socket.start();
    else {
      quiet();
      closeMicrophone();
      socket.stop();
      set({ link: "signed-out", saying: "" });
    }
  });
}

function take(message: Down): void {
  speaker.take(message);
  set((talk) => ({ turns: after(talk.turns, message) }));
  switch (message.type) {
    case "state":
      set({ state: message.state });
      if (message.state !== "speaking") set({ saying: "" });
      break;
    case "saying":
      set({ saying: message.text });
      break;
    case "listen":
      if (now().mode === "hold") heldTurn = message.turn;
      break;
    case "turn-ended":
      // The hub has heard and answered all of it, or it failed: to hold on is of no use.
      if (heldTurn !== null && message.turn >= heldTurn) release();
      break;
    case "audio-start":
      void speaker.start().then(() => set({ blocked: speaker.blocked }));
      break;
    case "error":
      if (message.ref) break;
      set({ problem: hubSays(message.text, null, message.code) });
      release();
      if (NOT_WAITING.has(message.code)) quiet();
      break;
    case "settings":
      if (typeof message.values.volume === "number") setVolume(message.values.volume);
      if (message.values.muted === true) quiet();
      break;
    case "identify":
      set({ identifying: message.seconds > 0 });
      if (message.seconds > 0)
        setTimeout(() => set({ identifying: false }), message.seconds * 1000);
  }
}

/** Let sound be heard; to be called from a click or a key. */
export function allowSound(): void {
  unlock();
  void speaker.start().then(() => set({ blocked: false }));
}

export function setDraft(draft: string): void {
  set({ draft });
  memory.rememberDraft(draft);
}

/** Send what is typed. */
export function sendDraft(): void {
  const text = now().draft.trim();
  if (!text) return;
  allowSound();
  speaker.stopReplay();
  const ref = `m${Date.now()}-${++numbers}`;
  set((talk) => ({ turns: [...talk.turns, typedTurn(ref, text)], problem: "" }));
  socket.type({ type: "text", text, ref, speak: now().chosen.speak });
  setDraft("");
}

/** Put something that was not taken back where it can be changed. */
export function takeBack(turn: Turn): void {
  socket.forget(turn.ref);
  set((talk) => ({ turns: talk.turns.filter((one) => one.key !== turn.key) }));
  setDraft(turn.you);
}

export async function replay(turn: Turn): Promise<void> {
  allowSound();
  if (turn.turn !== null && (await speaker.replay(turn.turn))) return;
  socket.send({ type: "replay", text: turn.answer.slice(0, 4000), ref: "" });
}

/** Stop all that goes on. */
export function stop(): void {
  speaker.stopReplay();
  if (now().link !== "open") speaker.reset();
  socket.send({ type: "cancel" });
}

/** Listen for as long as it is held: whatever happens, it ends. */
export async function hold(): Promise<void> {
  if (now().mode !== "off" || now().link !== "open") return;
  allowSound();
  speaker.stopReplay();
  clearTimeout(closing);
  set({ mode: "hold", problem: "" });
  heldTurn = null;
  held = whileHeld(release);
  const heard = socket.send({ type: "begin", mode: "hold" }) && (await openedMicrophone());
  if (!heard) release();
  // It may have been let go while somebody was asked for the microphone.
  else if (now().mode === "off") closeSoon();
}

export function release(): void {
  if (now().mode !== "hold") return;
  held?.();
  held = heldTurn = null;
  set({ mode: "off" });
  socket.send({ type: "end" });
  closeSoon();
}

function closeSoon(): void {
  clearTimeout(closing);
  closing = setTimeout(closeMicrophone, KEEP_OPEN_MS);
}

export async function handsFree(): Promise<void> {
  allowSound();
  clearTimeout(closing);
  if (!(await openedMicrophone())) return;
  set({ mode: "hands-free", problem: "" });
  listen();
}

function listen(): void {
  const wake = wakeWord();
  socket.send({ type: "begin", mode: "hands-free", wake: wake ? [wake.name] : [] });
}

/** The wake word that hands-free listening waits for, where the hub knows it. */
export function wakeWord(talk: Pick<Talk, "welcome" | "chosen"> = now()): WakeWord | undefined {
  return talk.welcome?.wake_words?.find((word) => word.name === talk.chosen.wake);
}

/** Listen no more. */
export function quiet(): void {
  if (now().mode === "off") return;
  held?.();
  held = heldTurn = null;
  set({ mode: "off" });
  socket.send({ type: "end" });
  closeMicrophone();
}

export function choose(chosen: Partial<memory.Preferences>): void {
  const all = { ...now().chosen, ...chosen };
  set({ chosen: all });
  memory.remember(all);
  if (chosen.area === null || chosen.language === null) socket.again();
  const more: Extract<Up, { type: "set" }> = { type: "set" };
  if (chosen.area) more.area = chosen.area;
  if (chosen.language) more.language = chosen.language;
  if (chosen.volume !== undefined) {
    more.volume = chosen.volume;
    speaker.setVolume(chosen.volume);
  }
  if (Object.keys(more).length > 1) socket.send(more);
  if (chosen.wake !== undefined && now().mode === "hands-free") listen();
  if (chosen.speaker !== undefined) void speaker.setDevice(chosen.speaker);
  if (chosen.microphone !== undefined && input) void changeMicrophone();
}

/** Open the microphone to look at its level. */
export function openedMicrophone(): Promise<boolean> {
  if (input) return Promise.resolve(true);
  opening ??= openNow().finally(() => {
    opening = null;
  });
  return opening;
}

export function closeMicrophone(): void {
  if (!input) return;
  input.close();
  input = null;
  set({ microphone: false });
  socket.send({ type: "set", microphone: false });
}

async function openNow(): Promise<boolean> {
  try {
    input = await openMicrophone(
      now().chosen.microphone,
      (frame) => now().mode !== "off" && socket.hear(frame),
      () => {
        quiet();
        closeMicrophone();
        set({ lack: "missing" });
      },
    );
  } catch (error) {
    set({ lack: error instanceof NoMicrophone ? error.lack : "failed" });
    return false;
  }
  set({ lack: null, microphone: true });
  if (input.echoCancelled !== echoCancelled) {
    echoCancelled = input.echoCancelled;
    renewing = true;
    socket.again();
  } else socket.send({ type: "set", microphone: true });
  return true;
}

async function changeMicrophone(): Promise<void> {
  const { mode } = now();
  input?.close();
  input = null;
  if (await openedMicrophone()) return;
  if (mode !== "off") quiet();
}

function setVolume(volume: number): void {
  choose({ volume });
}
