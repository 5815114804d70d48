import { describe, expect, it } from "vitest";
import type { Down } from "./messages";
import { after, lost, moved, split, type Turn, typedTurn } from "./turns";

const ended = (turn: number, more: Partial<Extract<Down, { type: "turn-ended" }>> = {}): Down => ({
  type: "turn-ended",
  turn,
  outcome: "answered",
  transcript: "turn on the lamp",
  language: "en",
  answer: "Done it now.",
  heard: "Done it now.",
  intent: null,
  stages: { endpoint: [900, 1100], playback: [1250, 2000] },
  ...more,
});

const told = (messages: Down[], turns: Turn[] = []) => messages.reduce(after, turns);
const start = (turn: number, ref = ""): Down => ({ type: "turn-started", turn, ref });
const answer = (turn: number, at: number, text: string): Down => ({
  type: "answer",
  turn,
  at,
  text,
});

describe("the conversation", () => {
  it("fills a transcript while somebody speaks, and keeps the final one", () => {
    const heard = (text: string, final: boolean): Down => ({
      type: "transcript",
      turn: 1,
      text,
      final,
    });
    const turns = told([start(1), heard("turn", false), heard("turn on", false)]);
    expect(turns[0]).toMatchObject({ you: "turn on", youFinal: false });
    const done = told([heard("Turn on the lamp", true), heard("turn on the", false)], turns);
    expect(done[0]).toMatchObject({ you: "Turn on the lamp", youFinal: true });
  });

  it("streams an answer, and takes back what is said otherwise", () => {
    const turns = told([
      start(1),
      answer(1, 0, "It is "),
      answer(1, 6, "fve"),
      answer(1, 6, "five"),
    ]);
    expect(turns[0]?.answer).toBe("It is five");
  });

  it("finds what was typed again by its ref", () => {
    const turns = told([start(7, "m1"), answer(7, 0, "Yes.")], [typedTurn("m1", "Is it?")]);
    expect(turns).toHaveLength(1);
    expect(turns[0]).toMatchObject({ turn: 7, you: "Is it?", answer: "Yes." });
  });

  it("says of what the hub refused why", () => {
    const refused: Down = { type: "error", code: "text-too-long", text: "Too long.", ref: "m1" };
    expect(told([refused], [typedTurn("m1", "x")])[0]?.problem).toBe("Too long.");
  });

  it("shows a tool while it runs, and what came of it", () => {
    const tool = (status: "running" | "done", result = ""): Down => ({
      type: "tool",
      turn: 1,
      call: "t1",
      tool: status === "running" ? "weather" : "",
      arguments: status === "running" ? "{}" : "",
      status,
      result,
      took_ms: 20,
    });
    const turns = told([start(1), tool("running"), tool("done", "Sunny")]);
    expect(turns[0]?.tools).toEqual([
      { call: "t1", tool: "weather", arguments: "{}", status: "done", result: "Sunny", tookMs: 20 },
    ]);
  });

  it("forgets a turn in which nobody said anything", () => {
    const nothing = ended(1, { outcome: "nothing-heard", transcript: null, answer: null });
    expect(told([start(1), nothing])).toEqual([]);
  });

  it("tells how long the answer took from the end of speech", () => {
    expect(told([start(1), ended(1)])[0]?.answerMs).toBe(350);
  });

  it("follows the words as they sound", () => {
    const words = [
      { text: "Done", at_ms: 0 },
      { text: "it", at_ms: 300 },
      { text: "now.", at_ms: 500 },
    ];
    let turns = told([start(1), answer(1, 0, "Done it now."), { type: "words", turn: 1, words }]);
    turns = moved(turns, 1, 350);
    expect(split(turns[0] as Turn)).toEqual(["Done it", " now."]);
  });

  it("tells afterwards what was heard and what was not", () => {
    const turns = told([start(1), ended(1, { outcome: "interrupted", heard: "Done it" })]);
    expect(split(turns[0] as Turn)).toEqual(["Done it", " now."]);
  });

  it("tells turns apart of a hub that was started anew", () => {
    const turns = told([start(1), answer(1, 0, "Old."), start(1), answer(1, 0, "New.")]);
    expect(turns.map((turn) => turn.answer)).toEqual(["Old.", "New."]);
    expect(new Set(turns.map((turn) => turn.key)).size).toBe(2);
  });

  it("ends what was under way when the hub is lost, and keeps what is typed", () => {
    const turns = told([start(1), answer(1, 0, "It is"), start(2)], []);
    const kept = lost([...turns, typedTurn("m9", "later")]);
    expect(kept.map((turn) => [turn.turn, turn.outcome])).toEqual([
      [1, "lost"],
      [null, null],
    ]);
  });
});
