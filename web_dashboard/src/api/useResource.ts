/** What the hub answered to a GET, kept: a page that is opened again shows it at once. */

import { useCallback, useEffect } from "react";
import { create } from "zustand";
import { useConnection } from "@/live/live";
import { askJson, Unreachable } from "./client";

interface Answer {
  data?: unknown;
  problem?: unknown;
  loading: boolean;
}

/** Answers beyond these are forgotten, the oldest first. */
const KEPT = 60;

const useAnswers = create<Record<string, Answer>>(() => ({}));

const NOT_YET: Answer = { loading: true };

export interface Resource<T> {
  data: T | undefined;
  problem: unknown;
  loading: boolean;
  /** Ask again. */
  again: () => void;
  /** Show this as the answer at once, before the hub says it. */
  put: (change: (data: T) => T) => void;
}

/** Ask for a path (null: not yet), and again when the hub was away and is back. */
export function useResource<T>(path: string | null): Resource<T> {
  const answer = useAnswers((answers) => (path === null ? NOT_YET : (answers[path] ?? NOT_YET)));
  const connection = useConnection();
  const back = connection === "open" && answer.problem instanceof Unreachable;

  const again = useCallback(() => {
    if (path !== null) void load(path);
  }, [path]);
  useEffect(() => {
    if (path === null) return;
    const gone = new AbortController();
    void load(path, gone.signal);
    return () => gone.abort();
  }, [path]);
  useEffect(() => {
    if (back) again();
  }, [back, again]);

  return {
    data: answer.data as T | undefined,
    problem: answer.problem,
    loading: answer.loading,
    again,
    put: (change) => {
      const now = path === null ? undefined : useAnswers.getState()[path];
      if (path !== null && now?.data !== undefined)
        write(path, { ...now, data: change(now.data as T) });
    },
  };
}

/** Forget all answers: somebody else is there now. */
export function forgetAnswers(): void {
  useAnswers.setState({}, true);
}

async function load(path: string, signal?: AbortSignal): Promise<void> {
  write(path, { ...useAnswers.getState()[path], loading: true });
  try {
    const data = await askJson(path, signal ? { signal } : {});
    write(path, { data, loading: false });
  } catch (problem) {
    if (signal?.aborted) return;
    // What was known before is still shown beneath the problem.
    write(path, { ...useAnswers.getState()[path], problem, loading: false });
  }
}

function write(path: string, answer: Answer): void {
  useAnswers.setState((answers) => {
    const { [path]: _, ...others } = answers;
    const kept = Object.entries(others).slice(-(KEPT - 1));
    return { ...Object.fromEntries(kept), [path]: answer };
  }, true);
}
