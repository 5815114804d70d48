/** Asks the hub's API. What goes wrong is an ApiProblem, made of the hub's problem document. */

import { type HubWords, hubSays } from "@/i18n/hub";
import { hubDated } from "./clock";

export interface ProblemDocument {
  status: number;
  code: string;
  title: string;
  detail: string;
  /** What another language needs to say `detail`. */
  words?: HubWords | null;
  [more: string]: unknown;
}

export class ApiProblem extends Error {
  readonly status: number;
  readonly code: string;
  readonly document: ProblemDocument;

  constructor(document: ProblemDocument) {
    super(hubSays(document.detail || document.title, document.words, document.code));
    this.status = document.status;
    this.code = document.code;
    this.document = document;
  }
}

/** The hub was not reached, or did not answer in time. */
export class Unreachable extends Error {}

const LIMIT_MS = 15_000;
/** Here 401 says something else: nobody is logged in yet, or the password is wrong. */
const OWN_ANSWERS = /^\/v1\/(session(\/(refresh|password))?|setup)$/;

let logInAgain: () => Promise<boolean> = async () => false;
let refreshing: Promise<boolean> | null = null;

/** Say what happens when the hub no longer knows who this is: whether somebody logged in again. */
export function whenSignedOut(act: () => Promise<boolean>): void {
  logInAgain = act;
}

export interface Request {
  method?: "GET" | "POST" | "PUT" | "PATCH" | "DELETE";
  json?: unknown;
  body?: BodyInit;
  signal?: AbortSignal;
  limitMs?: number;
}

/** Ask the hub. What is refused because the session has ended is asked again with a new one. */
export async function ask(path: string, request: Request = {}): Promise<Response> {
  let response = await once(path, request);
  const ends = response.status === 401 && !OWN_ANSWERS.test(path);
  if (ends && ((await refresh()) || (await logInAgain()))) {
    request.signal?.throwIfAborted();
    response = await once(path, request);
  }
  if (response.ok) return response;
  throw await problemOf(response);
}

/** Ask, and return what the answer holds. */
export async function askJson<T>(path: string, request: Request = {}): Promise<T> {
  const response = await ask(path, request);
  return response.status === 204 ? (undefined as T) : ((await response.json()) as T);
}

async function once(path: string, request: Request): Promise<Response> {
  const limit = AbortSignal.timeout(request.limitMs ?? LIMIT_MS);
  const signal = request.signal ? AbortSignal.any([request.signal, limit]) : limit;
  const headers: Record<string, string> = { Accept: "application/json" };
  if (request.json !== undefined) headers["Content-Type"] = "application/json";
  try {
    const response = await fetch(path, {
      method: request.method ?? "GET",
      headers,
      signal,
      credentials: "same-origin",
      ...(request.json !== undefined
        ? { body: JSON.stringify(request.json) }
        : request.body !== undefined
          ? { body: request.body }
          : {}),
    });
    hubDated(response);
    return response;
  } catch (error) {
    if (request.signal?.aborted) throw error;
    throw new Unreachable("The hub was not reached.");
  }
}

const REFRESHED = "sotto-refreshed";

/**
 * Get a fresh session: once for all who need it at the same time, in all tabs. Return whether there
 * is one; throws what keeps anybody from telling.
 */
export function refresh(): Promise<boolean> {
  const before = localStorage.getItem(REFRESHED);
  refreshing ??= alone(async () => {
    // Another tab may have done it while this one waited.
    if (localStorage.getItem(REFRESHED) !== before) return true;
    const response = await once("/v1/session/refresh", { method: "POST" });
    // A hub that is away or busy has not said that the session has ended.
    if (response.status >= 500) throw await problemOf(response);
    // No time of day: one of a clock that was wrong would count for ever.
    if (response.ok) localStorage.setItem(REFRESHED, String(Math.random()));
    return response.ok;
  }).finally(() => {
    refreshing = null;
  });
  return refreshing;
}

/** Run while no other tab does; a page without encryption has no locks, and just runs. */
async function alone(work: () => Promise<boolean>): Promise<boolean> {
  return navigator.locks ? await navigator.locks.request("sotto-refresh", work) : work();
}

async function problemOf(response: Response): Promise<ApiProblem> {
  try {
    const found = (await response.json()) as Partial<ProblemDocument>;
    return new ApiProblem({
      status: response.status,
      code: String(found.code ?? "failed"),
      title: String(found.title ?? response.statusText),
      detail: String(found.detail ?? ""),
      ...found,
    } as ProblemDocument);
  } catch {
    return new ApiProblem({
      status: response.status,
      code: "failed",
      title: response.statusText,
      detail: "",
    });
  }
}
