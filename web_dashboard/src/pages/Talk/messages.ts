/** The words of the talk socket, both ways, as `docs/api-talk.md` specifies them. */

export type TalkState = "idle" | "listening" | "thinking" | "speaking";

export type Up =
  | {
      type: "hello";
      version: 1;
      device: string;
      name: string;
      area: string | null;
      language: string | null;
      microphone: boolean;
      echo_cancelled: boolean;
      volume: number | null;
    }
  | { type: "set"; area?: string; language?: string; microphone?: boolean; volume?: number }
  | { type: "begin"; mode: "hold" }
  | { type: "begin"; mode: "hands-free"; wake: string[] }
  | { type: "end" }
  | { type: "text"; text: string; ref: string; speak: boolean; again?: true }
  | { type: "replay"; text: string; ref: string }
  | { type: "cancel" }
  | {
      type: "playback";
      turn: number;
      position_ms: number;
      buffered_ms: number;
      finished: boolean;
    }
  | { type: "ping"; n: number };

export interface Welcome {
  type: "welcome";
  satellite: string;
  hub: string;
  person: string;
  language: string;
  languages: string[];
  rooms: string[];
  wake_words?: WakeWord[];
}

export interface WakeWord {
  name: string;
  /** What is said. */
  phrase: string;
}

export interface SpokenWord {
  text: string;
  at_ms: number;
}

export type Down =
  | Welcome
  | { type: "hub"; version: number }
  | { type: "state"; state: TalkState }
  | { type: "turn-started"; turn: number; ref: string }
  | { type: "listen"; turn: number; max_ms: number; keep_open: boolean }
  | { type: "stand-down"; reason: string }
  | { type: "speech"; turn: number | null; started: boolean }
  | { type: "transcript"; turn: number | null; text: string; final: boolean }
  | { type: "answer"; turn: number; at: number; text: string }
  | { type: "saying"; turn: number | null; text: string }
  | { type: "words"; turn: number; words: SpokenWord[] }
  | {
      type: "tool";
      turn: number | null;
      call: string;
      tool: string;
      arguments: string;
      status: "running" | "done" | "failed" | "asked";
      result: string;
      took_ms: number;
    }
  | { type: "audio-start"; turn: number; rate: number }
  | { type: "audio-stop"; turn: number }
  | { type: "flush"; turn: number }
  | { type: "pause"; turn: number }
  | { type: "resume"; turn: number }
  | { type: "duck"; turn: number; gain_db: number; ramp_ms: number }
  | { type: "cancel"; turn: number; reason: string }
  | {
      type: "turn-ended";
      turn: number;
      outcome: string;
      transcript: string | null;
      language: string | null;
      answer: string | null;
      heard: string | null;
      intent: string | null;
      stages: Record<string, [number, number]>;
    }
  | { type: "settings"; values: Record<string, unknown> }
  | { type: "identify"; seconds: number }
  | { type: "error"; code: string; text: string; ref: string }
  | { type: "pong"; n: number };

export const MAX_TEXT_CHARS = 2000;

export interface AudioFrame {
  turn: number;
  /** Samples of the turn's audio before these. */
  before: number;
  samples: Int16Array;
}

const HEADER_BYTES = 8;

/** Read a frame of audio; null where it is none. */
export function frameOf(data: ArrayBuffer): AudioFrame | null {
  if (data.byteLength < HEADER_BYTES || data.byteLength % 2) return null;
  const view = new DataView(data);
  return {
    turn: view.getUint32(0, true),
    before: view.getUint32(4, true),
    samples: new Int16Array(data, HEADER_BYTES),
  };
}
