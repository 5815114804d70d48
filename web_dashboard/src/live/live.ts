/** What is so now, as the hub pushes it: a snapshot, then changes. Goes on where it broke off. */

import { create } from "zustand";
import { refresh } from "@/api/client";
import { hubDated, hubSaid } from "@/api/clock";
import { after, type Message, type Things, type Topics, type Value } from "./message";

export type { Things, Value } from "./message";
export type Connection = "connecting" | "open" | "lost" | "signed-out";

interface Live {
  connection: Connection;
  topics: Topics;
}

export const useLiveStore = create<Live>(() => ({ connection: "connecting", topics: {} }));

const NOTHING: Things = {};

/** All things of a topic, by id. */
export function useLive<T extends Value = Value>(topic: string): Record<string, T> {
  return useLiveStore((live) => live.topics[topic] ?? NOTHING) as Record<string, T>;
}

/** One thing of a topic. */
export function useLiveItem<T extends Value = Value>(topic: string, id: string): T | undefined {
  return useLiveStore((live) => live.topics[topic]?.[id]) as T | undefined;
}

export function useConnection(): Connection {
  return useLiveStore((live) => live.connection);
}

const FIRST_WAIT_MS = 500;
const MOST_WAIT_MS = 5000;
/** A socket whose hub does not answer a question within this is dead, whatever it says. */
const ALIVE_MS = 4000;
const NOT_LOGGED_IN = 4401;
const NOT_ALLOWED = 4403;

/** Return how long to wait before a try: longer each time, and never all tabs at once. */
export function waitMs(tries: number, chance = Math.random()): number {
  return Math.min(FIRST_WAIT_MS * 2 ** tries, MOST_WAIT_MS) * (0.5 + chance / 2);
}

let retryNow: () => void = () => {};

/** Try again without waiting. */
export function retry(): void {
  retryNow();
}

/** Stay connected until stopped; returns how to stop. */
export function follow(): () => void {
  let socket: WebSocket | null = null;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let tries = 0;
  let epoch = "";
  let seq = -1;
  let stopped = false;
  let waiting: Message[] = [];

  const say = (connection: Connection) => useLiveStore.setState({ connection });
  // Changes that come together are shown together.
  const show = () => {
    const messages = waiting;
    waiting = [];
    if (stopped || messages.length === 0) return;
    useLiveStore.setState((live) => ({ topics: after(live.topics, messages) }));
  };
  const connect = () => {
    clearTimeout(timer);
    const scheme = location.protocol === "https:" ? "wss" : "ws";
    const query = epoch ? `?epoch=${epoch}&since=${seq}` : "";
    const opened = new WebSocket(`${scheme}://${location.host}/v1/live${query}`);
    socket = opened;
    opened.onmessage = (event) => {
      const message = parse(event.data);
      if (!message || message.type === "error" || stopped) return;
      if (message.type === "snapshot") epoch = message.epoch;
      if ("now" in message) hubSaid(message.now);
      seq = message.seq;
      tries = 0;
      if (waiting.length === 0) setTimeout(show, 0);
      waiting.push(message);
      if (useLiveStore.getState().connection !== "open") say("open");
    };
    opened.onopen = () => {
      // One that resumes may have missed nothing; one that is refused is closed at once.
      if (epoch)
        timer = setTimeout(() => {
          tries = 0;
          say("open");
        }, 100);
    };
    opened.onclose = async (event) => {
      clearTimeout(timer);
      if (stopped || socket !== opened) return;
      if (event.code === NOT_LOGGED_IN) {
        const fresh = await refresh().catch(() => null);
        // Meanwhile somebody may have stopped, or tried again.
        if (stopped || socket !== opened) return;
        if (fresh === false) return say("signed-out");
        if (fresh && tries === 0) {
          tries += 1;
          return connect();
        }
      }
      if (event.code === NOT_ALLOWED) return say("signed-out");
      say("lost");
      timer = setTimeout(connect, waitMs(tries));
      tries += 1;
    };
  };
  const now = () => {
    if (stopped || socket?.readyState !== WebSocket.CLOSED) return;
    tries = 0;
    connect();
  };
  const answers = async () => {
    try {
      const signal = AbortSignal.timeout(ALIVE_MS);
      // It may have slept, and the page's stopwatch with it.
      hubDated(await fetch("/health", { signal, cache: "no-store" }));
      return true;
    } catch {
      return false;
    }
  };
  // A laptop that slept may hold a socket that nobody answers.
  const wake = async () => {
    if (document.visibilityState !== "visible") return;
    const asked = socket;
    if (asked?.readyState !== WebSocket.OPEN) return now();
    const there = await answers();
    if (socket !== asked || stopped) return;
    // The socket outlived the network's absence, and may have nothing to say for long.
    if (there && asked.readyState === WebSocket.OPEN) return say("open");
    socket = null;
    asked.close();
    say("lost");
    connect();
  };
  // Without a network the hub may be there all the same, on this very machine.
  const gone = async () => {
    if (!(await answers()) && !stopped) say("lost");
  };

  retryNow = () => void wake();
  connect();
  addEventListener("online", wake);
  addEventListener("offline", gone);
  document.addEventListener("visibilitychange", wake);
  return () => {
    stopped = true;
    clearTimeout(timer);
    removeEventListener("online", wake);
    removeEventListener("offline", gone);
    document.removeEventListener("visibilitychange", wake);
    socket?.close();
    useLiveStore.setState({ connection: "connecting", topics: {} });
  };
}

function parse(data: unknown): Message | null {
  try {
    return JSON.parse(String(data)) as Message;
  } catch {
    return null;
  }
}
