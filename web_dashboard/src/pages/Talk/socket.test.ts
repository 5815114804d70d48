import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { useLiveStore } from "@/live/live";
import { FakeSocket, newest } from "./fakeSocket";
import { type Link, TalkSocket } from "./socket";

let links: Link[] = [];
let waits: string[][] = [];

function talk(login = () => Promise.resolve(true)): TalkSocket {
  const socket = new TalkSocket(
    {
      hello: () => ({
        type: "hello",
        version: 1,
        device: "tab-1",
        name: "Tab",
        area: null,
        language: null,
        microphone: false,
        echo_cancelled: false,
        volume: null,
      }),
      said: () => {},
      heard: () => {},
      linked: (link) => links.push(link),
      welcomed: () => {},
      waits: (typed) => waits.push(typed.map((one) => one.text)),
    },
    () => "ws://hub/v1/talk",
    login,
  );
  socket.start();
  return socket;
}

beforeEach(() => {
  vi.useFakeTimers();
  vi.stubGlobal("WebSocket", FakeSocket);
  FakeSocket.all = [];
  links = [];
  waits = [];
});
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

describe("TalkSocket", () => {
  it("says hello first, and sends nothing before the welcome", () => {
    const socket = talk();
    newest().open();
    expect(socket.send({ type: "cancel" })).toBe(false);
    newest().say({ type: "welcome" });
    expect(socket.send({ type: "cancel" })).toBe(true);
    expect(newest().types()).toEqual(["hello", "cancel"]);
    socket.stop();
  });

  it("sends what was typed while the hub was away once it is back, and only once", async () => {
    const socket = talk();
    newest().welcome();
    newest().end(1006);
    socket.type({ type: "text", text: "hello", ref: "m1", speak: false });
    await vi.advanceTimersByTimeAsync(1000);
    newest().welcome();
    expect(newest().types()).toEqual(["hello", "text"]);
    newest().say({ type: "turn-started", turn: 1, ref: "m1" });
    newest().end(1006);
    await vi.advanceTimersByTimeAsync(1000);
    newest().welcome();
    expect(newest().types()).toEqual(["hello"]);
    socket.stop();
  });

  it("sends again what the hub had not taken when it was lost", async () => {
    const socket = talk();
    newest().welcome();
    socket.type({ type: "text", text: "hello", ref: "m1", speak: false });
    newest().end(1012);
    await vi.advanceTimersByTimeAsync(1000);
    newest().welcome();
    expect(newest().types()).toEqual(["hello", "text"]);
    expect(newest().sent.at(-1)).toMatchObject({ ref: "m1", again: true });
    expect(FakeSocket.all.at(-2)?.sent.at(-1)).not.toHaveProperty("again");
    expect(socket.waiting).toHaveLength(1);
    socket.stop();
  });

  it("sends what waits one after the other: each would end the answer to the one before", async () => {
    const socket = talk();
    newest().welcome();
    newest().end(1006);
    for (const ref of ["m1", "m2", "m3", "m4"])
      socket.type({ type: "text", text: ref, ref, speak: false });
    await vi.advanceTimersByTimeAsync(1000);
    newest().welcome();
    const sent = () =>
      newest()
        .sent.slice(1)
        .map((one) => (one as { ref: string }).ref);
    expect(sent()).toEqual(["m1"]);
    socket.type({ type: "text", text: "m5", ref: "m5", speak: false });
    newest().say({ type: "turn-started", turn: 7, ref: "m1" });
    newest().say({ type: "turn-ended", turn: 6 });
    expect(sent()).toEqual(["m1"]);
    newest().say({ type: "turn-ended", turn: 7 });
    expect(sent()).toEqual(["m1", "m2"]);
    socket.forget("m3");
    newest().say({ type: "error", code: "taken-before", text: "", ref: "m2" });
    expect(sent()).toEqual(["m1", "m2", "m4"]);
    newest().say({ type: "error", code: "text-too-long", text: "", ref: "m4" });
    expect(sent()).toEqual(["m1", "m2", "m4", "m5"]);
    socket.type({ type: "text", text: "m6", ref: "m6", speak: false });
    expect(sent().at(-1)).toBe("m6");
    socket.stop();
  });

  it("logs in anew where the login has expired, and says so where it can not", async () => {
    const socket = talk();
    newest().end(4401);
    await vi.advanceTimersByTimeAsync(1000);
    expect(FakeSocket.all).toHaveLength(2);
    socket.stop();
    talk(() => Promise.resolve(false));
    newest().end(4401);
    await vi.advanceTimersByTimeAsync(60_000);
    expect(links.at(-1)).toBe("signed-out");
    expect(FakeSocket.all).toHaveLength(3);
  });

  it("lets no answer on an older login end what a newer one has begun", async () => {
    let tell = (_: boolean) => {};
    const socket = talk(
      () =>
        new Promise((resolve) => {
          tell = resolve;
        }),
    );
    newest().end(4401);
    socket.stop(); // the page has heard it before, and somebody logs in anew
    socket.start();
    newest().welcome();
    tell(false);
    await vi.advanceTimersByTimeAsync(1000);
    expect(links.at(-1)).toBe("open");
    expect(FakeSocket.all).toHaveLength(2);
    expect(socket.send({ type: "cancel" })).toBe(true);
    socket.stop();
  });

  it("tries again where nobody can tell whether the login is good", async () => {
    const socket = talk(() => Promise.reject(new Error("away")));
    newest().end(4401);
    await vi.advanceTimersByTimeAsync(1000);
    expect(FakeSocket.all).toHaveLength(2);
    expect(links).not.toContain("signed-out");
    socket.stop();
  });

  it("tells what waits for the hub, until the hub has it", () => {
    const socket = talk();
    newest().welcome();
    socket.type({ type: "text", text: "hello", ref: "m1", speak: false });
    newest().say({ type: "turn-started", turn: 1, ref: "m1" });
    newest().say({ type: "turn-started", turn: 2, ref: "" });
    expect(waits).toEqual([["hello"], []]);
    socket.stop();
  });

  it("does not send what was taken back", async () => {
    const socket = talk();
    newest().welcome();
    newest().end(1006);
    socket.type({ type: "text", text: "hello", ref: "m1", speak: false });
    socket.forget("m1");
    await vi.advanceTimersByTimeAsync(1000);
    newest().welcome();
    expect(newest().types()).toEqual(["hello"]);
    expect(waits).toEqual([["hello"], []]);
    socket.stop();
  });

  it("sends no half of a character: nobody could read the message", () => {
    const socket = talk();
    newest().welcome();
    socket.type({ type: "text", text: "a \ud83d lamp \ud83d\udca1", ref: "m1", speak: false });
    expect(newest().sent.at(-1)).toMatchObject({ text: "a \ufffd lamp \ud83d\udca1" });
    socket.stop();
  });

  it("is there as soon as the page has found the hub again", async () => {
    const socket = talk();
    useLiveStore.setState({ connection: "lost" });
    for (let tries = 0; tries < 8; tries += 1) {
      newest().end(1006);
      await vi.advanceTimersByTimeAsync(10_000);
    }
    newest().end(1006);
    await vi.advanceTimersByTimeAsync(1);
    const before = FakeSocket.all.length;
    useLiveStore.setState({ connection: "open" });
    expect(FakeSocket.all).toHaveLength(before + 1);
    socket.stop();
  });

  it("lets go of a hub that says nothing any more", async () => {
    const socket = talk();
    newest().welcome();
    await vi.advanceTimersByTimeAsync(20_000);
    expect(FakeSocket.all.length).toBeGreaterThan(1);
    socket.stop();
  });

  it("does not fight another window for its place", async () => {
    talk();
    newest().welcome();
    newest().say({ type: "error", code: "replaced", text: "", ref: "" });
    newest().end(1000);
    await vi.advanceTimersByTimeAsync(60_000);
    expect(links.at(-1)).toBe("replaced");
    expect(FakeSocket.all).toHaveLength(1);
  });

  it("leaves out sound that can not go now", () => {
    const socket = talk();
    newest().welcome();
    newest().bufferedAmount = 1e6;
    socket.hear(new ArrayBuffer(640));
    expect(newest().types()).toEqual(["hello"]);
    socket.stop();
  });
});
