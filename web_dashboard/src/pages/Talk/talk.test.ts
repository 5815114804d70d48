import { beforeEach, describe, expect, it, vi } from "vitest";
import { useSession } from "@/app/session";
import { FakeSocket, newest } from "./fakeSocket";

vi.mock("./audio/context", async (original) => ({ ...(await original()), unlock: () => {} }));
vi.mock("./audio/speaker", () => ({
  Speaker: class {
    blocked = false;
    analyser = null;
    start = async () => {};
    take() {}
    play() {}
    reset() {}
    letRun() {}
    stopReplay() {}
    setVolume() {}
  },
}));
const microphone = { analyser: null, echoCancelled: true, close: vi.fn() };
vi.mock("./audio/microphone", () => ({
  lacking: () => null,
  NoMicrophone: class extends Error {},
  openMicrophone: async () => microphone,
}));

const { choose, handsFree, hold, open, quiet, release, useTalk } = await import("./talk");
const mode = () => useTalk.getState().mode;
const words = [{ name: "okay_nabu", phrase: "Okay Nabu" }];
const sent = () => newest().sent as { type: string }[];

/** A hub that is there, and greets. */
async function connected(): Promise<FakeSocket> {
  useSession.setState({ standing: "signed-out", who: null });
  useSession.setState({ standing: "signed-in", who: null });
  open();
  await vi.waitFor(() => expect(FakeSocket.all.length).toBeGreaterThan(0));
  newest().open();
  newest().say({ type: "welcome", rooms: [], languages: [], wake_words: words });
  newest().sent = [];
  return newest();
}

beforeEach(() => {
  vi.stubGlobal("WebSocket", FakeSocket);
  FakeSocket.all = [];
  release();
  quiet();
});

describe("what is held to talk", () => {
  beforeEach(async () => {
    const socket = await connected();
    await hold();
    socket.say({ type: "turn-started", turn: 4, ref: "" });
    socket.say({ type: "listen", turn: 4, max_ms: 9000, keep_open: true });
    expect(mode()).toBe("hold");
  });

  it.each<[string, () => unknown]>([
    ["is let go", () => dispatchEvent(new Event("pointerup"))],
    ["can be held no more", () => dispatchEvent(new Event("pointercancel"))],
    ["is in a window that others cover", () => dispatchEvent(new Event("blur"))],
    ["has lost the hub", () => newest().end(1006)],
    ["was refused", () => fault("too-many-turns")],
    ["was answered", () => newest().say(ended(4))],
    ["failed", () => newest().say({ ...ended(4), outcome: "failed" })],
    ["is nobody's any more", () => useSession.setState({ standing: "expired" })],
  ])("ends when it %s", (_, happens) => {
    happens();
    expect(mode()).toBe("off");
  });

  it("goes on while another turn ends, and while something typed is refused", () => {
    newest().say(ended(3));
    newest().say({ type: "error", code: "bad-text", text: "", ref: "m1" });
    expect(mode()).toBe("hold");
  });

  it("can be held again", async () => {
    dispatchEvent(new Event("pointerup"));
    await hold();
    expect(mode()).toBe("hold");
    expect(sent().filter((one) => one.type === "begin")).toHaveLength(2);
  });
});

it("nothing is held while the hub is away", async () => {
  const socket = await connected();
  socket.end(1006);
  await hold();
  expect(mode()).toBe("off");
});

it("hands-free waits for the wake word that was chosen, and says so to the hub anew", async () => {
  await connected();
  choose({ wake: "okay_nabu" });
  await handsFree();
  expect(sent().at(-1)).toEqual({ type: "begin", mode: "hands-free", wake: ["okay_nabu"] });
  choose({ wake: null });
  expect(sent().at(-1)).toEqual({ type: "begin", mode: "hands-free", wake: [] });
});

it("a wake word that this hub does not know is not asked for", async () => {
  await connected();
  choose({ wake: "computer" });
  await handsFree();
  expect(sent().at(-1)).toEqual({ type: "begin", mode: "hands-free", wake: [] });
});

it("the microphone is off where the hub can not wait for the wake word", async () => {
  await connected();
  await handsFree();
  fault("too-many-wake-words");
  expect(mode()).toBe("off");
  expect(useTalk.getState().problem).not.toBe("");
});

it("the talk goes on when its page is left and opened again", async () => {
  const socket = await connected();
  open();
  expect(FakeSocket.all).toHaveLength(1);
  expect(socket.readyState).toBe(FakeSocket.OPEN);
});

it("what is said is known until it has been said", async () => {
  const socket = await connected();
  socket.say({ type: "saying", turn: 5, text: "It is five." });
  socket.say({ type: "state", state: "speaking" });
  expect(useTalk.getState().saying).toBe("It is five.");
  socket.say({ type: "state", state: "idle" });
  expect(useTalk.getState().saying).toBe("");
});

it("a change of the session that is no log-out leaves the socket as it is", async () => {
  const socket = await connected();
  socket.say({ type: "error", code: "replaced", text: "", ref: "" });
  socket.end(1000);
  useSession.setState({ who: { user: "u", name: "Ada", role: "owner" } });
  expect(FakeSocket.all).toHaveLength(1);
});

function fault(code: string): void {
  newest().say({ type: "error", code, text: "No.", ref: "" });
}

function ended(turn: number) {
  const none = { transcript: null, language: null, answer: "x", heard: null, intent: null };
  return { type: "turn-ended", turn, outcome: "answered", ...none, stages: {} };
}
