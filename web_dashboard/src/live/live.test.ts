import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { follow, retry, useLiveStore } from "./live";

class FakeSocket {
  static all: FakeSocket[] = [];
  static readonly OPEN = 1;
  static readonly CLOSED = 3;
  readyState = 0;
  onopen: () => void = () => {};
  onmessage: (event: { data: unknown }) => void = () => {};
  onclose: (event: { code: number }) => void = () => {};

  constructor(readonly url: string) {
    FakeSocket.all.push(this);
  }

  open() {
    this.readyState = FakeSocket.OPEN;
    this.onopen();
  }

  say(message: unknown) {
    this.onmessage({ data: typeof message === "string" ? message : JSON.stringify(message) });
  }

  close(code = 1006) {
    this.readyState = FakeSocket.CLOSED;
    this.onclose({ code });
  }
}

const newest = () => FakeSocket.all.at(-1) as FakeSocket;
const connection = () => useLiveStore.getState().connection;
const snapshot = { type: "snapshot", epoch: "e1", seq: 7, state: { lamps: { a: { on: true } } } };

let stop = () => {};

beforeEach(() => {
  FakeSocket.all = [];
  vi.useFakeTimers();
  vi.stubGlobal("WebSocket", FakeSocket);
  stop = follow();
});
afterEach(() => {
  stop();
  vi.unstubAllGlobals();
});

test("what the hub shows is there after its snapshot", () => {
  newest().open();
  newest().say(snapshot);
  vi.advanceTimersByTime(1);
  expect(connection()).toBe("open");
  expect(useLiveStore.getState().topics).toEqual({ lamps: { a: { on: true } } });
});

test("changes that come together are shown together", () => {
  newest().open();
  newest().say(snapshot);
  vi.advanceTimersByTime(1);
  let shown = 0;
  const unsubscribe = useLiveStore.subscribe(() => {
    shown += 1;
  });
  for (let seq = 8; seq < 108; seq += 1)
    newest().say({ type: "change", seq, topic: "lamps", id: `l${seq}`, value: { on: true } });
  vi.advanceTimersByTime(1);
  unsubscribe();
  expect(shown).toBe(1);
  expect(Object.keys(useLiveStore.getState().topics.lamps ?? {})).toHaveLength(101);
});

test("a connection that breaks goes on where it broke off, and what was known stays", () => {
  newest().open();
  newest().say(snapshot);
  newest().say({ type: "change", seq: 9, topic: "lamps", id: "a", value: { on: false } });
  vi.advanceTimersByTime(1);
  newest().close();
  expect(connection()).toBe("lost");
  expect(useLiveStore.getState().topics.lamps).toEqual({ a: { on: false } });
  vi.advanceTimersByTime(1000);
  expect(FakeSocket.all).toHaveLength(2);
  expect(newest().url).toMatch(/\/v1\/live\?epoch=e1&since=9$/);
  newest().open();
  vi.advanceTimersByTime(200);
  expect(connection()).toBe("open");
});

test("a socket that outlives a moment without a network is open again, by itself or when asked", async () => {
  const away = () => Promise.reject(new TypeError("offline"));
  newest().open();
  newest().say(snapshot);
  vi.advanceTimersByTime(1);
  for (const again of [() => dispatchEvent(new Event("online")), retry]) {
    vi.stubGlobal("fetch", away);
    dispatchEvent(new Event("offline"));
    await vi.waitFor(() => expect(connection()).toBe("lost"));
    vi.stubGlobal("fetch", async () => new Response("{}"));
    again();
    await vi.waitFor(() => expect(connection()).toBe("open"));
  }
  expect(FakeSocket.all).toHaveLength(1);
});

test("a hub on this very machine is there without any network", async () => {
  vi.stubGlobal("fetch", async () => new Response("{}"));
  newest().open();
  newest().say(snapshot);
  vi.advanceTimersByTime(1);
  dispatchEvent(new Event("offline"));
  await vi.advanceTimersByTimeAsync(10_000);
  expect(connection()).toBe("open");
  expect(FakeSocket.all).toHaveLength(1);
});

test("somebody who does not want to wait is tried for at once", () => {
  for (let tries = 0; tries < 6; tries += 1) {
    newest().close();
    vi.advanceTimersByTime(10_000);
  }
  newest().close();
  const before = FakeSocket.all.length;
  retry();
  expect(FakeSocket.all).toHaveLength(before + 1);
});

test("nonsense from a socket breaks nothing", () => {
  newest().open();
  newest().say("no json {");
  newest().say(snapshot);
  vi.advanceTimersByTime(1);
  expect(connection()).toBe("open");
});

test("a session that can not be refreshed is told, and not tried for again", async () => {
  vi.stubGlobal("fetch", async () => new Response("{}", { status: 401 }));
  newest().close(4401);
  await vi.waitFor(() => expect(connection()).toBe("signed-out"));
  vi.advanceTimersByTime(60_000);
  expect(FakeSocket.all).toHaveLength(1);
});

test("a hub that goes away before it says whether the session is good is tried for again", async () => {
  vi.stubGlobal("fetch", () => Promise.reject(new TypeError("away")));
  newest().close(4401);
  await vi.waitFor(() => expect(connection()).toBe("lost"));
  vi.advanceTimersByTime(1000);
  expect(FakeSocket.all).toHaveLength(2);
});

test("who stops is not connected again", () => {
  newest().open();
  stop();
  vi.advanceTimersByTime(60_000);
  expect(FakeSocket.all).toHaveLength(1);
});
