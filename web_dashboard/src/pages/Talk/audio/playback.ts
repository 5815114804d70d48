/** What waits to be played: plays from the first piece on, falls silent at once. No audio device. */

export interface Report {
  turn: number;
  /** Samples of the turn that were played, also across flushes. */
  played: number;
  buffered: number;
  /** Whether the speaker is done with the turn. */
  finished: boolean;
}

export type Order =
  | { kind: "play"; turn: number; samples: Float32Array }
  | { kind: "end"; turn: number }
  | { kind: "flush"; turn: number }
  | { kind: "pause"; turn: number }
  | { kind: "resume"; turn: number }
  | { kind: "duck"; turn: number; gain: number; ramp: number }
  | { kind: "drop"; turn: number }
  /** The hub was lost: what is here is played to its end, and what comes next is counted anew. */
  | { kind: "let-run" }
  /** Forget all, also which turns are stale: the hub may count them anew. */
  | { kind: "reset" };

export class PlaybackBuffer {
  turn = -1;
  underruns = 0;
  private pieces: Float32Array[] = [];
  private offset = 0;
  private buffered = 0;
  private played = 0;
  private ended = false;
  private paused = false;
  private orphaned = false;
  private started = false;
  private gain = 1;
  private target = 1;
  private slope = 0;
  private stale = -1;
  private told = true;

  constructor(private readonly report: (report: Report) => void) {}

  get active(): boolean {
    return !this.told;
  }

  take(order: Order): void {
    if (order.kind === "reset") {
      this.told = true;
      this.finish();
      this.stale = this.turn = -1;
      return;
    }
    if (order.kind === "let-run") {
      this.orphaned = this.ended = true;
      this.paused = false;
      this.stale = -1;
      if (this.buffered === 0) this.finish();
      return;
    }
    if (order.turn <= this.stale) return;
    if (order.kind === "drop") {
      this.stale = order.turn;
      if (this.turn <= order.turn && !this.orphaned) this.finish();
      return;
    }
    const anew = this.orphaned || order.turn > this.turn;
    if (order.kind === "play" && anew) this.begin(order.turn);
    if (order.turn !== this.turn || this.orphaned) return;
    switch (order.kind) {
      case "play":
        this.pieces.push(order.samples);
        this.buffered += order.samples.length;
        this.ended = this.told = false;
        break;
      case "end":
        this.ended = true;
        if (this.buffered === 0) this.finish();
        break;
      case "flush":
        this.paused = false;
        this.finish();
        break;
      case "pause":
        this.paused = true;
        this.tell(false);
        break;
      case "resume":
        this.paused = false;
        break;
      case "duck":
        this.target = order.gain;
        this.slope = order.ramp > 0 ? (order.gain - this.gain) / order.ramp : 0;
        if (order.ramp <= 0) this.gain = order.gain;
    }
  }

  /** Fill a block with what is to be heard next. */
  pull(block: Float32Array): void {
    block.fill(0);
    if (this.paused || this.told) return;
    let filled = 0;
    while (filled < block.length) {
      const piece = this.pieces[0];
      if (!piece) break;
      const count = Math.min(piece.length - this.offset, block.length - filled);
      for (let i = 0; i < count; i++)
        block[filled + i] = (piece[this.offset + i] as number) * this.nextGain();
      filled += count;
      this.offset += count;
      if (this.offset === piece.length) {
        this.pieces.shift();
        this.offset = 0;
      }
    }
    this.played += filled;
    this.buffered -= filled;
    if (filled) this.started = true;
    if (filled === block.length) return;
    if (this.ended) this.finish();
    else if (filled && this.started) this.underruns++;
  }

  /** Tell how far it is. */
  tell(finished: boolean): void {
    if (this.turn < 0) return;
    this.report({ turn: this.turn, played: this.played, buffered: this.buffered, finished });
  }

  private begin(turn: number): void {
    this.turn = turn;
    this.pieces = [];
    this.offset = this.buffered = this.played = 0;
    this.ended = this.paused = this.started = this.orphaned = false;
    this.gain = this.target = 1;
    this.slope = 0;
  }

  private finish(): void {
    this.pieces = [];
    this.offset = this.buffered = 0;
    if (!this.told) {
      this.told = true;
      this.tell(true);
    }
  }

  private nextGain(): number {
    if (this.gain !== this.target) {
      const next = this.gain + this.slope;
      const over = this.slope === 0 || (this.slope > 0 ? next >= this.target : next <= this.target);
      this.gain = over ? this.target : next;
    }
    return this.gain;
  }
}
