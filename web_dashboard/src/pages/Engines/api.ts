/** What the Engines page asks the hub. */

import { ask, askJson } from "@/api/client";
import type { components } from "@/api/types";

type Schemas = components["schemas"];
export type Engine = Schemas["Engine"];
export type Engines = Schemas["Engines"];
export type Choice = Schemas["EngineChoice"];
export type Kind = Schemas["Kind"];
export type ModelList = Schemas["ModelList"];
export type Model = Schemas["Model"];
export type Download = Schemas["Download"];
export type Heard = Schemas["HearingTrial"];

export const ENGINES = "/v1/engines";
export const MODELS = "/v1/models";
/** Another engine may have to load first. */
const CHOOSE_MS = 60_000;
const TRY_MS = 40_000;

export function choose(choice: Partial<Choice>): Promise<Engines> {
  return askJson("/v1/engines/choice", { method: "PUT", json: choice, limitMs: CHOOSE_MS });
}

export function fetchModel(model: string): Promise<Download> {
  return askJson("/v1/downloads", { method: "POST", json: { model } });
}

export function cancelDownload(model: string): Promise<void> {
  return askJson(`/v1/downloads/${path(model)}`, { method: "DELETE" });
}

export function removeModel(model: string): Promise<void> {
  return askJson(`/v1/models/${path(model)}`, { method: "DELETE" });
}

export interface Spoken {
  sound: Blob;
  firstMs: number | null;
  allMs: number | null;
}

export async function tryVoice(text: string, language: string): Promise<Spoken> {
  const answer = await ask("/v1/engines/voice/try", {
    method: "POST",
    json: { text, language },
    limitMs: TRY_MS,
  });
  const timing = answer.headers.get("Server-Timing") ?? "";
  return { sound: await answer.blob(), firstMs: took(timing, "first"), allMs: took(timing, "all") };
}

export function tryHearing(wav: Blob, language: string): Promise<Heard> {
  return askJson(`/v1/engines/hearing/try?language=${encodeURIComponent(language)}`, {
    method: "POST",
    body: wav,
    limitMs: TRY_MS,
  });
}

/** Return how many milliseconds a part of a Server-Timing header took. */
export function took(timing: string, part: string): number | null {
  const found = new RegExp(`(?:^|,\\s*)${part};dur=([\\d.]+)`).exec(timing);
  return found ? Number(found[1]) : null;
}

function path(model: string): string {
  return model.split("/").map(encodeURIComponent).join("/");
}
