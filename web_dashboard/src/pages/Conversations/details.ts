/** What is asked of single conversations and turns. */

import { hubNow } from "@/api/clock";
import { call } from "@/api/typed";
import type { Retention, Turn, TurnDetail } from "./types";

const DAY_MS = 86_400_000;
/** Of one conversation; nobody reads more. */
const MOST_TURNS = 2_000;

export async function turnsOf(conversation: string, signal: AbortSignal): Promise<Turn[]> {
  const path = { conversation };
  const turns: Turn[] = [];
  let after: string | undefined;
  do {
    const query = after === undefined ? {} : { after };
    const page = await call("get", "/v1/conversations/{conversation}", { path, query, signal });
    turns.push(...page.turns);
    after = page.next ?? undefined;
  } while (after !== undefined && turns.length < MOST_TURNS);
  return turns;
}

export function detailOf(turn: string, signal: AbortSignal): Promise<TurnDetail> {
  return call("get", "/v1/turns/{turn}", { path: { turn }, signal });
}

export function retention(signal: AbortSignal): Promise<Retention> {
  return call("get", "/v1/conversations/retention", { signal });
}

export function chooseRetention(days: number, audio: boolean): Promise<Retention> {
  return call("put", "/v1/conversations/retention", { json: { days, audio } });
}

/** Delete what is older than some days; null: everything. Returns how many turns are gone. */
export async function forgetOlder(days: number | null): Promise<number> {
  const query =
    days === null ? { all: true } : { before: new Date(hubNow() - days * DAY_MS).toISOString() };
  return (await call("delete", "/v1/conversations", { query })).turns;
}
