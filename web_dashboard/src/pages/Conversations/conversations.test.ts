import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { signOut, useSession } from "@/app/session";
import { dismiss, useToasts } from "@/components/toasts";
import { turnsOf } from "./details";
import { parts } from "./heard";
import { personOf } from "./place";
import { remove, useHidden } from "./removals";
import { ANY, dayName, look, more, query, rows, useSearch } from "./search";
import type { Conversation } from "./types";
import { took, waterfall } from "./waterfall";

const STAGES = [
  { name: "speech", start_ms: 200, end_ms: 1500 },
  { name: "endpoint", start_ms: 1500, end_ms: 1700 },
  { name: "transcript", start_ms: 1600, end_ms: 1690 },
  { name: "playback", start_ms: 1900, end_ms: 9000 },
];

function conversation(id: string, last: string): Conversation {
  return {
    id,
    satellite: "kitchen",
    satellite_name: "Kitchen",
    area: "Kitchen",
    person: null,
    started: last,
    last,
    turns: 1,
    failed: 0,
    turn: `${id}-1`,
    transcript: "lights on",
    answer: "Done.",
    outcome: "answered",
  };
}

let asked: { path: string; method: string; signal: AbortSignal | null | undefined }[] = [];
let answers: ((path: string) => unknown)[] = [];

beforeEach(() => {
  vi.useFakeTimers();
  asked = [];
  answers = [];
  vi.stubGlobal("fetch", (path: string, init: RequestInit) => {
    asked.push({ path, method: init.method ?? "GET", signal: init.signal });
    const answer = answers.shift();
    const found = answer ? answer(path) : { items: [], next: null };
    if (found instanceof Response) return Promise.resolve(found);
    return Promise.resolve(new Response(JSON.stringify(found)));
  });
  useSearch.setState({ wanted: ANY, items: [], next: null, status: "ready", problem: null });
  for (const one of useToasts.getState().toasts) dismiss(one.id);
  useHidden.setState({ hidden: new Set() });
});
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

describe("the waterfall", () => {
  test("shows what lies between the end of speech and the first sound", () => {
    const { bars, marks } = waterfall(STAGES, []);
    expect(bars.map((bar) => bar.name)).toEqual(["speech", "endpoint", "transcript", "playback"]);
    const [speech, endpoint, , playback] = bars;
    expect(speech?.cutLeft).toBe(true);
    expect(playback?.cutRight).toBe(true);
    expect(speech && endpoint && speech.left + speech.width).toBeCloseTo(endpoint?.left ?? 0);
    expect(marks.map((mark) => [mark.name, mark.ms])).toEqual([
      ["spoken", 0],
      ["sounds", 400],
    ]);
    for (const bar of bars) expect(bar.left + bar.width).toBeLessThanOrEqual(1.0001);
  });

  test("has few ticks, counted from the end of speech", () => {
    const { ticks } = waterfall(STAGES, []);
    expect(ticks.map((tick) => tick.ms)).toEqual([0, 200, 400]);
  });

  test("of a turn without speech begins with its first stage", () => {
    const { bars, marks } = waterfall([{ name: "playback", start_ms: 50, end_ms: 900 }], []);
    expect(bars[0]).toMatchObject({ left: 0, width: 1 });
    expect(marks[0]?.name).toBe("sounds");
    expect(waterfall([], []).bars).toEqual([]);
  });

  test("has what tools did among the stages", () => {
    const tool = { tool: "weather", arguments: "{}", ok: true, text: "Sunny." };
    const { bars } = waterfall(STAGES, [{ ...tool, start_ms: 1710, end_ms: 1800 }]);
    expect(bars[3]).toMatchObject({ name: "weather", kind: "tool", tookMs: 90 });
  });

  test("tells times as people of a language do", () => {
    expect(took(85.4, "en")).toBe("85\u00a0ms");
    expect(took(1340, "de")).toBe("1,3\u00a0s");
  });
});

describe("what was heard", () => {
  test("is told from what was only written", () => {
    expect(parts("One. Two.", "One.")).toEqual({ heard: "One.", unheard: " Two." });
    expect(parts("One.", "One.")).toEqual({ heard: "One.", unheard: "" });
    expect(parts("One.", null)).toEqual({ heard: "", unheard: "One." });
  });

  test("is counted in words where signs differ", () => {
    expect(parts("It is 20 °C now", "It is  20 °C")).toEqual({
      heard: "It is 20 °C",
      unheard: " now",
    });
  });
});

describe("searching", () => {
  test("waits for a pause, and lets go of what was asked before", async () => {
    look({ q: "l" });
    look({ q: "li" });
    await vi.advanceTimersByTimeAsync(200);
    look({ q: "lig" });
    await vi.advanceTimersByTimeAsync(200);
    expect(asked.map((one) => new URLSearchParams(one.path.split("?")[1]).get("q"))).toEqual([
      "li",
      "lig",
    ]);
    expect(asked[0]?.signal?.aborted).toBe(true);
  });

  test("shows only the answer to the last question", async () => {
    answers = [
      () => ({ items: [conversation("old", "2026-03-01T10:00:00Z")] }),
      () => ({ items: [conversation("new", "2026-03-01T10:00:00Z")] }),
    ];
    look({ q: "a" }, 0);
    vi.advanceTimersByTime(1);
    look({ q: "b" }, 0);
    await vi.advanceTimersByTimeAsync(10);
    expect(useSearch.getState().items.map((one) => one.id)).toEqual(["new"]);
  });

  test("goes on with the next page, and says so where that fails", async () => {
    useSearch.setState({ items: [conversation("a", "2026-03-02T10:00:00Z")], next: "place" });
    answers = [() => ({ items: [conversation("b", "2026-03-01T10:00:00Z")], next: "further" })];
    await more();
    expect(asked[0]?.path).toContain("after=place");
    expect(useSearch.getState().items.map((one) => one.id)).toEqual(["a", "b"]);
    answers = [() => new Response('{"detail":"No room.","code":"store-full"}', { status: 507 })];
    await more();
    expect(useSearch.getState().status).toBe("failed");
    expect(useSearch.getState().problem).toMatchObject({ message: "No room." });
  });

  test("asks for days as a moment", () => {
    const found = new URLSearchParams(query({ ...ANY, days: "7" }, null, Date.UTC(2026, 2, 8)));
    expect(found.get("from")).toBe("2026-03-01T00:00:00.000Z");
    expect(found.has("q")).toBe(false);
  });

  test("calls days what people do", () => {
    const now = new Date("2026-03-02T00:30:00");
    expect(dayName(new Date("2026-03-02T00:10:00"), "en", now)).toBe("today");
    expect(dayName(new Date("2026-03-01T23:50:00"), "de", now)).toBe("gestern");
    expect(dayName(new Date("2026-02-27T23:50:00"), "en", now)).toContain("February 27");
  });

  test("has a heading for each day, and none for a day all of which is hidden", () => {
    const items = [
      conversation("a", "2026-03-02T10:00:00"),
      conversation("b", "2026-03-01T11:00:00"),
      conversation("c", "2026-03-01T10:00:00"),
    ];
    expect(
      rows(items, new Set(["a"])).map((row) => ("day" in row ? "day" : row.conversation.id)),
    ).toEqual(["day", "b", "c"]);
  });
});

describe("deleting", () => {
  const A = { id: "a", path: "/v1/turns/a", text: "The turn was deleted." };
  const B = { id: "b", path: "/v1/turns/b", text: "The turn was deleted." };
  const shown = () => useToasts.getState().toasts;

  test("hides at once, and deletes when undo is not offered any more", async () => {
    remove(A);
    expect(useHidden.getState().hidden.has("a")).toBe(true);
    await vi.advanceTimersByTimeAsync(5000);
    expect(asked).toEqual([]);
    await vi.advanceTimersByTimeAsync(20_000);
    expect(asked.map((one) => [one.method, one.path])).toEqual([["DELETE", "/v1/turns/a"]]);
    expect(useHidden.getState().hidden.has("a")).toBe(true);
  });

  test("can be taken back, each thing for itself", async () => {
    remove(A);
    remove(B);
    const [first] = shown();
    dismiss(first?.id ?? 0);
    first?.undo?.();
    await vi.advanceTimersByTimeAsync(30_000);
    expect(asked.map((one) => one.path)).toEqual(["/v1/turns/b"]);
    expect([...useHidden.getState().hidden]).toEqual(["b"]);
  });

  test("that fails shows the thing again, and why", async () => {
    answers = [
      () => new Response('{"detail":"Ask an owner.","code":"not-allowed"}', { status: 403 }),
    ];
    remove(A);
    dismiss(shown()[0]?.id ?? 0);
    await vi.advanceTimersByTimeAsync(1);
    expect(shown().map((one) => one.text)).toEqual(["Ask an owner."]);
    expect(useHidden.getState().hidden.size).toBe(0);
  });

  test("is done before somebody signs out, who could not do it any more", async () => {
    useSession.setState({ standing: "signed-in" });
    remove(A);
    await signOut();
    expect(asked.map((one) => `${one.method} ${one.path}`)).toEqual([
      "DELETE /v1/turns/a",
      "DELETE /v1/session",
    ]);
    expect(shown()).toEqual([]);
  });

  test("goes on when the page is closed", () => {
    remove(A);
    dispatchEvent(new Event("pagehide"));
    expect(asked.map((one) => one.method)).toEqual(["DELETE"]);
  });
});

test("a long conversation is asked for page by page", async () => {
  const page = (id: string, next: string | null) => () => ({ id: "c", turns: [{ id }], next });
  answers = [page("1", "p2"), page("2", null)];
  const turns = await turnsOf("c", new AbortController().signal);
  expect(turns.map((turn) => turn.id)).toEqual(["1", "2"]);
  expect(asked.map((one) => one.path)).toEqual([
    "/v1/conversations/c",
    "/v1/conversations/c?after=p2",
  ]);
});

test("who said it is told once", () => {
  const said = { area: null, satellite_name: "Ada, Linux", person: "Ada" };
  expect(personOf(said)).toBeNull();
  expect(personOf({ ...said, satellite_name: "Ada" })).toBeNull();
  expect(personOf({ ...said, area: "Kitchen" })).toBe("Ada");
  expect(personOf({ ...said, satellite_name: "Adam, Linux" })).toBe("Ada");
  expect(personOf({ ...said, person: null })).toBeNull();
});
