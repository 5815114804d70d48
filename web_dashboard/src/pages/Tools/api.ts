/** What the Tools page asks the hub. */

import { ApiProblem, askJson } from "@/api/client";
import type { components } from "@/api/types";
import { type HubWords, hubSays } from "@/i18n/hub";

type Schemas = components["schemas"];
export type Tools = Schemas["Tools"];
export type Tool = Schemas["Tool"];
export type MqttTool = Schemas["Message"];
export type Server = Schemas["Server"];
export type Policies = Schemas["Policies"];
export type Entry = Schemas["AuditEntry"];
export type Rehearsed = Schemas["Rehearsed"];
export type Happenings = Schemas["Happenings"];
export type Offered = Schemas["Offered"];
export type PolicyTried = Schemas["PolicyTried"];

export type Additions = Schemas["AdditionList"];
export type Addition = Additions["items"][number];
/** What can be made here: MQTT tools, automations, rules and servers. */
export type Kind = Exclude<Addition["kind"], "hidden">;
export type Made<K extends Kind> = Extract<Addition, { kind: K }>;
export type Value<K extends Kind> = Made<K>["value"];
export type When = Value<"when">;
export type Rule = Value<"rule">;
type Change = Schemas["Change"];

export interface Entries {
  items: Entry[];
  next?: string | null;
}

export interface Wanted {
  q: string;
  verdict: string;
  failed: boolean;
}

/** What is wrong with an entry, by key; empty where it is the whole. */
export interface Mistake {
  where: string;
  what: string;
}

export const ADDITIONS = "/v1/additions";

export function ofKind<K extends Kind>(all: Additions | undefined, kind: K): Made<K>[] {
  return (all?.items ?? []).filter((one): one is Made<K> => one.kind === kind);
}

export function add(kind: Kind, value: object): Promise<Change> {
  return askJson(ADDITIONS, { method: "POST", json: { kind, value } });
}

export function change(
  id: string,
  changes: { value?: object; enabled?: boolean },
): Promise<Change> {
  return askJson(`${ADDITIONS}/${id}`, { method: "PATCH", json: changes });
}

export function remove(id: string): Promise<Change> {
  return askJson(`${ADDITIONS}/${id}`, { method: "DELETE" });
}

export function arrange(kind: Kind, ids: string[]): Promise<Change> {
  return askJson(`${ADDITIONS}/order`, { method: "PUT", json: { kind, ids } });
}

export function undo(step: string): Promise<Change> {
  return askJson(`${ADDITIONS}/undo/${step}`, { method: "POST" });
}

export function hide(server: string, tools: string[]): Promise<Change> {
  const path = `/v1/servers/${encodeURIComponent(server)}/hidden`;
  return askJson(path, { method: "PUT", json: { tools } });
}

/** What a tool would send; a draft is one that is not kept yet. */
export function rehearse(
  tool: { name: string; draft?: object },
  args: Record<string, unknown>,
): Promise<Rehearsed> {
  if (tool.draft)
    return askJson("/v1/rehearsal", {
      method: "POST",
      json: { value: tool.draft, arguments: args },
    });
  return askJson(`/v1/tools/${encodeURIComponent(tool.name)}/rehearsal`, {
    method: "POST",
    json: { arguments: args },
  });
}

export function use(
  name: string,
  args: Record<string, unknown>,
  sure: boolean,
): Promise<Schemas["Used"]> {
  return askJson(`/v1/tools/${encodeURIComponent(name)}/use`, {
    method: "POST",
    json: { arguments: args, sure },
  });
}

/** A program may have to be fetched first. */
const SERVER_LIMIT_MS = 40_000;

export function tryServer(value: object, id: string | null): Promise<Schemas["ServerTried"]> {
  return askJson("/v1/servers/trial", {
    method: "POST",
    json: { value, id },
    limitMs: SERVER_LIMIT_MS,
  });
}

export function tryAutomation(value: object): Promise<Schemas["AutomationTried"]> {
  return askJson("/v1/automations/trial", {
    method: "POST",
    json: { value },
    limitMs: SERVER_LIMIT_MS,
  });
}

export function tryPolicy(json: Schemas["PolicyTrial"]): Promise<PolicyTried> {
  return askJson("/v1/policies/trial", { method: "POST", json });
}

/** Return what the hub finds wrong with an entry; nothing where something else went wrong. */
export function mistakesOf(error: unknown): Mistake[] {
  if (!(error instanceof ApiProblem)) return [];
  const { errors } = error.document;
  const told = Array.isArray(errors) ? (errors as (Mistake & { words?: HubWords | null })[]) : [];
  return told.map(({ where, what, words }) => ({ where, what: hubSays(what, words) }));
}

export function entries(
  wanted: Wanted,
  after: string | null,
  signal: AbortSignal,
): Promise<Entries> {
  const query = new URLSearchParams({ limit: "100" });
  if (wanted.q) query.set("q", wanted.q);
  if (wanted.verdict) query.set("verdict", wanted.verdict);
  if (wanted.failed) query.set("failed", "true");
  if (after) query.set("after", after);
  return askJson(`/v1/audit?${query}`, { signal });
}
