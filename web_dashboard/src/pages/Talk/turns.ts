/** The conversation as it is shown: what the hub says becomes turns. */

import { hubSays } from "@/i18n/hub";
import type { Down, SpokenWord } from "./messages";

export interface ToolUse {
  call: string;
  tool: string;
  arguments: string;
  status: "running" | "done" | "failed" | "asked";
  result: string;
  tookMs: number;
}

export interface Turn {
  key: string;
  /** Null: typed, and not taken by the hub yet. */
  turn: number | null;
  ref: string;
  typed: boolean;
  you: string;
  youFinal: boolean;
  answer: string;
  words: SpokenWord[];
  /** How far its audio was heard; null: it has none. */
  positionMs: number | null;
  tools: ToolUse[];
  outcome: string | null;
  heard: string | null;
  intent: string | null;
  problem: string;
  /** From the end of speech to the first sound, as the hub measured it. */
  answerMs: number | null;
}

export const MOST_TURNS = 200;
const GONE = -1;
let keys = 0;

export function fresh(key: string, more: Partial<Turn> = {}): Turn {
  return {
    key,
    turn: null,
    ref: "",
    typed: false,
    you: "",
    youFinal: false,
    answer: "",
    words: [],
    positionMs: null,
    tools: [],
    outcome: null,
    heard: null,
    intent: null,
    problem: "",
    answerMs: null,
    ...more,
  };
}

export function typedTurn(ref: string, text: string): Turn {
  return fresh(ref, { ref, typed: true, you: text, youFinal: true });
}

/** Whether the hub is at it. */
export function isUnderWay(turn: Turn | undefined): boolean {
  return turn !== undefined && turn.turn !== null && turn.outcome === null;
}

function change(turns: Turn[], number: number, act: (turn: Turn) => Turn): Turn[] {
  const at = turns.findLastIndex((one) => one.turn === number);
  if (at < 0) return turns;
  const changed = act(turns[at] as Turn);
  return turns.with(at, changed);
}

/** Return the turns after something that the hub said. */
export function after(turns: Turn[], message: Down): Turn[] {
  switch (message.type) {
    case "turn-started":
      return started(turns, message.turn, message.ref);
    case "transcript":
      if (message.turn === null) return turns;
      return change(turns, message.turn, (turn) =>
        turn.youFinal && !message.final
          ? turn
          : { ...turn, you: message.text, youFinal: message.final },
      );
    case "answer":
      return change(turns, message.turn, (turn) => ({
        ...turn,
        answer: turn.answer.slice(0, message.at) + message.text,
      }));
    case "words":
      return change(turns, message.turn, (turn) => ({
        ...turn,
        words: [...turn.words, ...message.words],
        positionMs: turn.positionMs ?? 0,
      }));
    case "tool":
      if (message.turn === null) return turns;
      return change(turns, message.turn, (turn) => ({ ...turn, tools: used(turn.tools, message) }));
    case "turn-ended":
      return over(turns, message);
    case "error":
      if (!message.ref) return turns;
      return turns.map((turn) =>
        turn.ref === message.ref
          ? { ...turn, problem: hubSays(message.text, null, message.code), outcome: "failed" }
          : turn,
      );
    default:
      return turns;
  }
}

/** Return the turns after the speaker has come so far. */
export function moved(turns: Turn[], number: number, positionMs: number): Turn[] {
  return change(turns, number, (turn) => ({ ...turn, positionMs }));
}

/** Return the turns after the hub was lost: what was under way is over. */
export function lost(turns: Turn[]): Turn[] {
  return turns
    .filter((turn) => turn.turn === null || turn.outcome !== null || turn.you || turn.answer)
    .map((turn) =>
      turn.turn !== null && turn.outcome === null ? { ...turn, outcome: "lost" } : turn,
    );
}

function started(turns: Turn[], number: number, ref: string): Turn[] {
  const at = ref ? turns.findIndex((one) => one.ref === ref) : -1;
  // A hub that was started anew counts anew: its older turns can not be asked for any more.
  const older = turns.map((one) => (one.turn === number ? { ...one, turn: GONE } : one));
  if (at >= 0) return older.with(at, { ...(older[at] as Turn), turn: number });
  return [...older, fresh(`turn-${++keys}`, { turn: number })].slice(-MOST_TURNS);
}

function used(tools: ToolUse[], message: Extract<Down, { type: "tool" }>): ToolUse[] {
  const at = tools.findIndex((one) => one.call === message.call);
  const before = tools[at];
  if (!before) {
    const { call, tool, status, result } = message;
    const use = { call, tool, arguments: message.arguments, status, result };
    return [...tools, { ...use, tookMs: message.took_ms }];
  }
  const { status, result } = message;
  return tools.with(at, { ...before, status, result, tookMs: message.took_ms });
}

function over(turns: Turn[], message: Extract<Down, { type: "turn-ended" }>): Turn[] {
  const silent = !message.transcript && !message.answer;
  if (silent) return turns.filter((turn) => turn.turn !== message.turn);
  const end = message.stages.endpoint?.[0];
  const sound = message.stages.playback?.[0];
  return change(turns, message.turn, (turn) => ({
    ...turn,
    you: message.transcript ?? turn.you,
    youFinal: true,
    answer: message.answer ?? turn.answer,
    outcome: message.outcome,
    heard: message.heard,
    intent: message.intent,
    answerMs: end !== undefined && sound !== undefined ? Math.round(sound - end) : null,
  }));
}

/** Split an answer at what was heard of it. */
export function split(turn: Turn): [heard: string, rest: string] {
  if (turn.outcome !== null && turn.outcome !== "lost") {
    const heard = turn.heard ?? "";
    if (turn.answer.startsWith(heard)) return [heard, turn.answer.slice(heard.length)];
    return [turn.answer, ""];
  }
  if (turn.positionMs === null) return [turn.answer, ""];
  let at = 0;
  for (const word of turn.words) {
    if (word.at_ms > turn.positionMs) break;
    const found = turn.answer.indexOf(word.text, at);
    if (found >= 0 && found - at < 80) at = found + word.text.length;
  }
  return [turn.answer.slice(0, at), turn.answer.slice(at)];
}
