/** An MCP server, as its form holds it. */

import type { Value } from "./api";

/** What the hub says instead of a secret that it keeps. */
export const KEPT = "***";

export interface Pair {
  key: number;
  name: string;
  value: string;
}

export interface ServerForm {
  name: string;
  program: boolean;
  command: string;
  /** One a line. */
  args: string;
  env: Pair[];
  url: string;
  token: string;
  headers: Pair[];
  risk: "" | "low" | "confirm";
  timeoutS: string;
  /** What the form does not show, and keeps. */
  rest: Pick<Value<"server">, "tools" | "risks">;
}

let last = 0;
export function newPair(name = "", value = ""): Pair {
  last += 1;
  return { key: last, name, value };
}

const pairs = (from: Record<string, string> | undefined): Pair[] =>
  Object.entries(from ?? {}).map(([name, value]) => newPair(name, value));

export function serverForm(server: Value<"server"> | null): ServerForm {
  return {
    name: server?.name ?? "",
    program: !server?.url,
    command: server?.command ?? "",
    args: (server?.args ?? []).join("\n"),
    env: pairs(server?.env),
    url: server?.url ?? "",
    token: server?.token ?? "",
    headers: pairs(server?.headers),
    risk: server?.risk ?? "",
    timeoutS: String(server?.timeout_s ?? 4.5),
    rest: { tools: server?.tools ?? [], risks: server?.risks ?? {} },
  };
}

/** Return it as the hub takes it: a program or an address, never both. */
export function serverOf(form: ServerForm): Record<string, unknown> {
  const how = form.program
    ? { command: form.command.trim(), args: lines(form.args), env: table(form.env) }
    : {
        url: form.url.trim() || null,
        token: form.token || null,
        headers: table(form.headers),
      };
  return {
    name: form.name.trim(),
    ...how,
    ...form.rest,
    risk: form.risk || null,
    timeout_s: Number(form.timeoutS.replace(",", ".")),
  };
}

function table(from: readonly Pair[]): Record<string, string> {
  const named = from.filter((pair) => pair.name.trim());
  return Object.fromEntries(named.map((pair) => [pair.name.trim(), pair.value]));
}

function lines(text: string): string[] {
  return text.split("\n").filter((line) => line.trim() !== "");
}
