import { expect, test } from "vitest";
import { waitMs } from "./live";
import { after, type Message, type Topics } from "./message";

const change = (topic: string, id: string, value: Record<string, unknown> | null): Message => ({
  type: "change",
  seq: 1,
  topic,
  id,
  value,
});

test("a snapshot takes the place of what was, and changes are laid over it", () => {
  const before: Topics = { old: { a: {} } };
  const topics = after(before, [
    {
      type: "snapshot",
      epoch: "e",
      seq: 1,
      now: "2026-03-01T08:00:00Z",
      state: { lamps: { a: { on: true } } },
    },
    change("lamps", "b", { on: false }),
    change("lamps", "a", null),
    change("timers", "t", { left: 3 }),
  ]);
  expect(topics).toEqual({ lamps: { b: { on: false } }, timers: { t: { left: 3 } } });
  expect(before).toEqual({ old: { a: {} } });
});

test("what a change does not touch stays the same object, so nothing of it is drawn again", () => {
  const lamp = { on: true };
  const before: Topics = { lamps: { a: lamp }, timers: { t: {} } };
  const topics = after(before, [change("lamps", "b", { on: false })]);
  expect(topics.timers).toBe(before.timers);
  expect(topics.lamps?.a).toBe(lamp);
  expect(topics.lamps).not.toBe(before.lamps);
});

test("each try waits longer, up to a limit, and not all tabs wait alike", () => {
  expect(waitMs(0, 1)).toBe(500);
  expect(waitMs(0, 0)).toBe(250);
  expect(waitMs(2, 1)).toBe(2000);
  expect(waitMs(50, 1)).toBe(5000);
});
