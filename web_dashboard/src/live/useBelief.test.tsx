import { act, cleanup, renderHook } from "@testing-library/react";
import { afterEach, expect, it, vi } from "vitest";
import { useBelief } from "./useBelief";

afterEach(() => {
  cleanup();
  vi.useRealTimers();
});

it("shows what was asked for at once, and what the hub says from then on", () => {
  const { result, rerender } = renderHook(({ told }) => useBelief(told), {
    initialProps: { told: false },
  });
  act(() => result.current[1](true));
  expect(result.current[0]).toBe(true);
  rerender({ told: true });
  rerender({ told: false });
  expect(result.current[0]).toBe(false);
});

it("shows the truth again when it goes wrong, or when the hub never says it", () => {
  vi.useFakeTimers();
  const { result } = renderHook(() => useBelief(false));
  act(() => result.current[1](true));
  act(() => result.current[1](undefined));
  expect(result.current[0]).toBe(false);
  act(() => result.current[1](true));
  act(() => vi.advanceTimersByTime(3000));
  expect(result.current[0]).toBe(false);
});
