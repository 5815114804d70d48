/** The hub's API with its types, which are made from its own description. */

import { askJson, type Request } from "./client";
import type { paths } from "./types";

type Method = "get" | "post" | "put" | "patch" | "delete";

/** The paths that know a method. */
export type PathOf<M extends Method> = {
  [P in keyof paths]: paths[P] extends { [K in M]: object } ? P : never;
}[keyof paths];

type Operation<M extends Method, P extends keyof paths> = paths[P] extends { [K in M]: infer O }
  ? O
  : never;
type Json<C> = C extends { content: { "application/json": infer J } } ? J : undefined;
type Answers<O> = O extends { responses: infer R } ? R : never;
type Good = 200 | 201 | 202 | 204;

/** What an operation answers when all is well. */
export type Answer<M extends Method, P extends keyof paths> = {
  [S in keyof Answers<Operation<M, P>>]: S extends Good ? Json<Answers<Operation<M, P>>[S]> : never;
}[keyof Answers<Operation<M, P>>];

type Of<O, K extends string> = O extends { parameters: { [X in K]?: infer V } } ? V : never;
type Body<O> = O extends { requestBody?: infer B } ? Json<NonNullable<B>> : undefined;

export interface Asked<M extends Method, P extends keyof paths> {
  path?: Of<Operation<M, P>, "path">;
  query?: Of<Operation<M, P>, "query">;
  json?: Body<Operation<M, P>>;
  signal?: AbortSignal;
}

type Parts = Record<string, unknown> | null | undefined;

/** Ask the hub: `call("get", "/v1/satellites/{id}", { path: { id } })`. */
export function call<M extends Method, P extends PathOf<M> & string>(
  method: M,
  path: P,
  asked: Asked<M, P> = {},
): Promise<Answer<M, P>> {
  const request: Request = { method: method.toUpperCase() as NonNullable<Request["method"]> };
  if (asked.json !== undefined) request.json = asked.json;
  if (asked.signal) request.signal = asked.signal;
  return askJson<Answer<M, P>>(address(path, asked.path as Parts, asked.query as Parts), request);
}

/** Return a path with what stands in its braces, and the query behind it. */
export function address(path: string, parts: Parts = {}, query: Parts = {}): string {
  const filled = path.replace(/\{(\w+)\}/g, (_, name: string) =>
    encodeURIComponent(String(parts?.[name])),
  );
  const asked = new URLSearchParams();
  for (const [name, value] of Object.entries(query ?? {})) {
    for (const one of Array.isArray(value) ? value : [value])
      if (one !== undefined && one !== null) asked.append(name, String(one));
  }
  return asked.size > 0 ? `${filled}?${asked}` : filled;
}
