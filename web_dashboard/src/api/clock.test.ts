import { beforeEach, expect, test, vi } from "vitest";
import { formatsOf } from "@/i18n/format";
import { hubDated, hubNow, hubSaid } from "./clock";

const HUB = Date.UTC(2026, 2, 1, 12);
const DAYS = 86_400_000;

beforeEach(() => {
  vi.useFakeTimers();
  vi.setSystemTime(HUB - 9 * DAYS);
  hubSaid(HUB);
});

const answer = (at: number) => new Response("", { headers: { Date: new Date(at).toUTCString() } });

test("the time is the hub's, on a device whose clock is wrong by days", () => {
  expect(hubNow()).toBe(HUB);
  vi.advanceTimersByTime(5000);
  expect(hubNow()).toBe(HUB + 5000);
});

test("how long ago something was is told by the hub's clock", () => {
  expect(formatsOf("en").ago(HUB - 180_000)).toBe("3 min. ago");
});

test("a clock that is set while the page is open changes nothing", () => {
  vi.setSystemTime(HUB + 400 * DAYS);
  expect(hubNow()).toBe(HUB);
});

test("the head of an answer tells the time after a sleep, and not the seconds of it", () => {
  hubDated(answer(HUB + 1000));
  expect(hubNow()).toBe(HUB);
  hubDated(answer(HUB + 3 * DAYS));
  expect(hubNow()).toBe(HUB + 3 * DAYS + 500);
});

test("a time that makes no sense is none", () => {
  hubSaid("yesterday");
  hubSaid(null);
  hubDated(new Response("", { headers: { Date: "soon" } }));
  hubDated(new Response(""));
  expect(hubNow()).toBe(HUB);
});
