/** An MQTT tool, as its form holds it. */

import { LANGUAGES, type Language } from "@/i18n";
import type { Value } from "./api";
import { newRow, parametersOf, type Row, rowsOf } from "./parameters";

export interface Spoken {
  /** One a line. */
  sentences: string;
  answer: string;
  question: string;
}

export interface ToolForm {
  name: string;
  description: string;
  topic: string;
  payload: string;
  qos: number;
  retain: boolean;
  asks: boolean;
  rows: Row[];
  replyTopic: string;
  replyMatch: string;
  result: string;
  timeoutS: string;
  spoken: Record<Language, Spoken>;
}

export const CODES = Object.keys(LANGUAGES) as Language[];

export function formOf(tool: Value<"tool"> | null): ToolForm {
  return {
    name: tool?.name ?? "",
    description: tool?.description ?? "",
    topic: tool?.topic ?? "",
    payload: tool?.payload ?? "",
    qos: tool?.qos ?? 1,
    retain: tool?.retain ?? false,
    asks: tool?.risk === "confirm",
    rows: rowsOf(tool?.parameters ?? {}),
    replyTopic: tool?.reply_topic ?? "",
    replyMatch: tool?.reply_match ?? "",
    result: tool?.result ?? "",
    timeoutS: String(tool?.timeout_s ?? 2),
    spoken: Object.fromEntries(
      CODES.map((code) => [
        code,
        {
          sentences: (tool?.sentences?.[code] ?? []).join("\n"),
          answer: tool?.answers?.[code] ?? "",
          question: tool?.questions?.[code] ?? "",
        },
      ]),
    ) as Record<Language, Spoken>,
  };
}

/** Return the tool as the hub takes it; what is left empty is left out. */
export function toolOf(form: ToolForm): Record<string, unknown> {
  const tool: Record<string, unknown> = {
    name: form.name.trim(),
    description: form.description.trim(),
    topic: form.topic.trim(),
    qos: form.qos,
    retain: form.retain,
    risk: form.asks ? "confirm" : "low",
    parameters: parametersOf(form.rows),
  };
  if (form.payload) tool.payload = form.payload;
  if (form.replyTopic.trim()) {
    tool.reply_topic = form.replyTopic.trim();
    tool.timeout_s = Number(form.timeoutS.replace(",", "."));
    if (form.replyMatch.trim()) tool.reply_match = form.replyMatch.trim();
    if (form.result.trim()) tool.result = form.result.trim();
  }
  const sentences: Record<string, string[]> = {};
  const answers: Record<string, string> = {};
  const questions: Record<string, string> = {};
  for (const code of CODES) {
    const { sentences: lines, answer, question } = form.spoken[code];
    const found = lines
      .split("\n")
      .map((line) => line.trim())
      .filter(Boolean);
    if (found.length) sentences[code] = found;
    if (answer.trim()) answers[code] = answer.trim();
    if (question.trim()) questions[code] = question.trim();
  }
  return { ...tool, sentences, answers, questions };
}

/** Placeholders of a text that are no parameters yet become rows. */
export function missing(form: ToolForm): Row[] {
  const named = new Set(form.rows.map((row) => row.name));
  const texts = `${form.topic} ${form.payload} ${form.replyTopic}`;
  const found = [...texts.matchAll(/\{\{-?\s*([a-z][a-z0-9_]*)/g)].map(([, name]) => name ?? "");
  const wanted = new Set(found.filter((name) => name !== "correlation" && !named.has(name)));
  return [...wanted].map((name) => newRow({ name }));
}
