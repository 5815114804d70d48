/** The talk socket: connects, connects again, and keeps what was typed until the hub has it. */

import { refresh } from "@/api/client";
import { useLiveStore } from "@/live/live";
import { type AudioFrame, type Down, frameOf, type Up, type Welcome } from "./messages";

export type Link = "connecting" | "open" | "lost" | "signed-out" | "replaced" | "not-allowed";
export type Typed = Extract<Up, { type: "text" | "replay" }>;

const FIRST_WAIT_MS = 300;
const MOST_WAIT_MS = 10_000;
const SILENT_MS = 12_000;
const PING_MS = 5_000;
const MOST_BUFFERED_BYTES = 256 * 1024;
const NOT_LOGGED_IN = 4401;
const NOT_ALLOWED = 4403;

export interface Ends {
  hello(): Extract<Up, { type: "hello" }>;
  said(message: Down): void;
  heard(frame: AudioFrame): void;
  linked(link: Link): void;
  welcomed(welcome: Welcome): void;
  /** What was typed and the hub has not taken yet is another now. */
  waits(typed: Typed[]): void;
}

export class TalkSocket {
  private socket: WebSocket | null = null;
  private welcomed = false;
  private waitMs = FIRST_WAIT_MS;
  private timer: ReturnType<typeof setTimeout> | undefined;
  private pinging: ReturnType<typeof setInterval> | undefined;
  private heardAt = 0;
  private stopped = true;
  private unfollow = () => {};
  private readonly typed = new Map<string, Typed>();
  /** What waited for the hub and still has to be sent; each ends the answer to the one before. */
  private queue: string[] = [];
  private answering: { ref: string; turn: number | null } | null = null;

  constructor(
    private readonly ends: Ends,
    private readonly url: () => string = talkUrl,
    private readonly login: () => Promise<boolean> = refresh,
  ) {}

  start(): void {
    if (!this.stopped) return;
    this.stopped = false;
    this.connect();
    addEventListener("online", this.hurry);
    document.addEventListener("visibilitychange", this.hurry);
    // Where the page has found the hub again, nobody need wait for the next try.
    this.unfollow = useLiveStore.subscribe((live, before) => {
      if (live.connection === "open" && before.connection !== "open") this.hurry();
    });
  }

  stop(): void {
    this.stopped = true;
    clearTimeout(this.timer);
    clearInterval(this.pinging);
    removeEventListener("online", this.hurry);
    document.removeEventListener("visibilitychange", this.hurry);
    this.unfollow();
    this.socket?.close();
    this.socket = null;
    this.welcomed = false;
  }

  /** Begin anew, with another hello. */
  again(): void {
    if (this.stopped) return;
    this.socket?.close();
  }

  /** What the hub has not taken yet. */
  get waiting(): Typed[] {
    return [...this.typed.values()];
  }

  /** Say something; false: there is nobody to hear it now. */
  send(message: Up): boolean {
    if (!this.welcomed || this.socket?.readyState !== WebSocket.OPEN) return false;
    this.socket.send(JSON.stringify(message, whole));
    return true;
  }

  /** Send what was typed, now or as soon as the hub is back. */
  type(message: Typed): void {
    this.typed.set(message.ref, message);
    this.ends.waits(this.waiting);
    if (this.queue.length) this.queue.push(message.ref);
    else this.sendTyped(message);
  }

  /** Send the next of what waited, where the one before is answered. */
  private sendNext(): void {
    this.answering = null;
    for (let ref = this.queue.shift(); ref !== undefined; ref = this.queue.shift()) {
      const message = this.typed.get(ref);
      if (!message) continue;
      this.answering = { ref, turn: null };
      this.sendTyped(message);
      return;
    }
  }

  private follow(message: Down): void {
    const { answering } = this;
    if (!answering) return;
    if (message.type === "turn-started" && message.ref === answering.ref)
      answering.turn = message.turn;
    const refused = message.type === "error" && message.ref === answering.ref;
    const ended = message.type === "turn-ended" && message.turn === answering.turn;
    if (refused || ended) this.sendNext();
  }

  private sendTyped(message: Typed): void {
    if (!this.send(message) || message.type !== "text") return;
    // It comes through, or does not, or its answer is lost: sent once more, the hub does it once.
    this.typed.set(message.ref, { ...message, again: true });
  }

  /** Do not send what was typed and the hub has not taken. */
  forget(ref: string): void {
    if (this.typed.delete(ref)) this.ends.waits(this.waiting);
  }

  /** Send a frame of the microphone; one that can not go now is left out. */
  hear(frame: ArrayBuffer): void {
    if (!this.welcomed || this.socket?.readyState !== WebSocket.OPEN) return;
    if (this.socket.bufferedAmount < MOST_BUFFERED_BYTES) this.socket.send(frame);
  }

  private readonly hurry = () => {
    if (this.stopped || document.hidden || this.socket?.readyState !== WebSocket.CLOSED) return;
    clearTimeout(this.timer);
    this.connect();
  };

  private connect(): void {
    this.ends.linked("connecting");
    const socket = new WebSocket(this.url());
    socket.binaryType = "arraybuffer";
    this.socket = socket;
    this.welcomed = false;
    socket.onopen = () => socket.send(JSON.stringify(this.ends.hello(), whole));
    socket.onmessage = (event) => this.take(event.data);
    socket.onclose = (event) => {
      if (this.socket === socket) void this.lost(socket, event.code);
    };
    this.heardAt = performance.now();
    clearInterval(this.pinging);
    this.pinging = setInterval(() => {
      if (performance.now() - this.heardAt > SILENT_MS) socket.close();
      else this.send({ type: "ping", n: Math.round(performance.now()) });
    }, PING_MS);
  }

  private take(data: unknown): void {
    this.heardAt = performance.now();
    if (data instanceof ArrayBuffer) {
      const frame = frameOf(data);
      if (frame) this.ends.heard(frame);
      return;
    }
    const message = JSON.parse(String(data)) as Down;
    const taken = message.type === "turn-started" || message.type === "error";
    if (taken && this.typed.delete(message.ref)) this.ends.waits(this.waiting);
    if (message.type === "error" && message.code === "replaced") this.stopped = true;
    if (message.type === "welcome") {
      this.welcomed = true;
      this.waitMs = FIRST_WAIT_MS;
      this.ends.linked("open");
      this.ends.welcomed(message);
      this.queue = [...this.typed.keys()];
      this.sendNext();
      return;
    }
    this.follow(message);
    this.ends.said(message);
  }

  private async lost(socket: WebSocket, code: number): Promise<void> {
    clearInterval(this.pinging);
    this.welcomed = false;
    if (code === NOT_ALLOWED) this.stopped = true;
    if (this.stopped) {
      this.ends.linked(code === NOT_ALLOWED ? "not-allowed" : "replaced");
      return;
    }
    this.ends.linked("lost");
    // Where nobody can tell whether the login is good, the hub is away: it is asked again.
    const fresh = code === NOT_LOGGED_IN ? await this.login().catch(() => null) : null;
    // Meanwhile it may have been stopped, or another one is there: of a login that came since.
    if (this.stopped || this.socket !== socket) return;
    if (fresh === false) {
      this.stopped = true;
      this.ends.linked("signed-out");
      return;
    }
    this.timer = setTimeout(() => this.connect(), this.waitMs * (0.5 + Math.random() / 2));
    this.waitMs = Math.min(this.waitMs * 2, MOST_WAIT_MS);
  }
}

/** Half an emoji is no character, and a message with one is none that a hub can read. */
function whole(_: string, value: unknown): unknown {
  return typeof value === "string" ? value.replace(/\p{Surrogate}/gu, "\ufffd") : value;
}

function talkUrl(): string {
  return `${location.protocol === "https:" ? "wss" : "ws"}://${location.host}/v1/talk`;
}
