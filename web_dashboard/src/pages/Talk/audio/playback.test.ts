import { describe, expect, it } from "vitest";
import { PlaybackBuffer, type Report } from "./playback";

function speaker() {
  const reports: Report[] = [];
  const buffer = new PlaybackBuffer((report) => reports.push(report));
  const play = (turn: number, ...samples: number[]) =>
    buffer.take({ kind: "play", turn, samples: Float32Array.from(samples) });
  const pull = (length: number) => {
    const block = new Float32Array(length);
    buffer.pull(block);
    return [...block];
  };
  return { buffer, reports, play, pull };
}

describe("PlaybackBuffer", () => {
  it("plays from the first piece on, in order", () => {
    const { play, pull } = speaker();
    play(1, 1, 2);
    expect(pull(2)).toEqual([1, 2]);
    play(1, 3);
    play(1, 4);
    expect(pull(3)).toEqual([3, 4, 0]);
  });

  it("tells the end once, after the last sample was played", () => {
    const { buffer, reports, play, pull } = speaker();
    play(1, 1, 2, 3);
    buffer.take({ kind: "end", turn: 1 });
    pull(2);
    expect(reports).toEqual([]);
    pull(2);
    pull(2);
    expect(reports).toEqual([{ turn: 1, played: 3, buffered: 0, finished: true }]);
  });

  it("falls silent at once on a flush, tells where, and counts on afterwards", () => {
    const { buffer, reports, play, pull } = speaker();
    play(1, 1, 2, 3, 4);
    pull(2);
    buffer.take({ kind: "flush", turn: 1 });
    expect(pull(2)).toEqual([0, 0]);
    expect(reports.at(-1)).toEqual({ turn: 1, played: 2, buffered: 0, finished: true });
    play(1, 5, 6);
    expect(pull(2)).toEqual([5, 6]);
    buffer.tell(false);
    expect(reports.at(-1)).toMatchObject({ played: 4, finished: false });
  });

  it("plays what a lost hub has sent to its end, and then what a new one counts anew", () => {
    const { buffer, reports, play, pull } = speaker();
    play(7, 1, 2, 3, 4);
    expect(pull(2)).toEqual([1, 2]);
    buffer.take({ kind: "let-run" });
    buffer.take({ kind: "drop", turn: 1 });
    buffer.take({ kind: "flush", turn: 7 });
    expect(pull(3)).toEqual([3, 4, 0]);
    expect(reports).toEqual([{ turn: 7, played: 4, buffered: 0, finished: true }]);
    play(2, 5);
    expect(pull(2)).toEqual([5, 0]);
  });

  it("lets a new hub's answer take the place of what still runs", () => {
    const { buffer, play, pull } = speaker();
    play(7, 1, 2, 3, 4);
    buffer.take({ kind: "let-run" });
    play(1, 5, 6);
    expect(pull(3)).toEqual([5, 6, 0]);
  });

  it("keeps the rest through a pause", () => {
    const { buffer, play, pull } = speaker();
    play(1, 1, 2, 3);
    pull(1);
    buffer.take({ kind: "pause", turn: 1 });
    expect(pull(2)).toEqual([0, 0]);
    buffer.take({ kind: "resume", turn: 1 });
    expect(pull(2)).toEqual([2, 3]);
  });

  it("drops what is stale, also when it comes late", () => {
    const { buffer, reports, play, pull } = speaker();
    play(3, 1, 2);
    buffer.take({ kind: "drop", turn: 3 });
    play(3, 3);
    play(2, 4);
    expect(pull(2)).toEqual([0, 0]);
    expect(reports).toHaveLength(1);
    play(4, 5);
    expect(pull(1)).toEqual([5]);
  });

  it("begins anew with a hub that counts anew", () => {
    const { buffer, reports, play, pull } = speaker();
    play(9, 1, 2);
    buffer.take({ kind: "drop", turn: 9 });
    buffer.take({ kind: "reset" });
    play(1, 3);
    expect(pull(2)).toEqual([3, 0]);
    expect(reports.map((report) => report.turn)).toEqual([9]);
  });

  it("plays a newer turn in the place of an older one", () => {
    const { play, pull } = speaker();
    play(1, 1, 1, 1);
    play(2, 2);
    expect(pull(2)).toEqual([2, 0]);
    play(1, 9);
    expect(pull(1)).toEqual([0]);
  });

  it("changes loudness over a ramp", () => {
    const { buffer, play, pull } = speaker();
    play(1, 1, 1, 1, 1);
    buffer.take({ kind: "duck", turn: 1, gain: 0.5, ramp: 2 });
    expect(pull(4)).toEqual([0.75, 0.5, 0.5, 0.5]);
  });

  it("counts where it ran dry", () => {
    const { buffer, play, pull } = speaker();
    play(1, 1, 2);
    pull(4);
    expect(buffer.underruns).toBe(1);
  });
});
