/** The speaker: plays turns as they come, tells how far it is, and keeps answers to replay them. */

import type { AudioFrame, Down, Up } from "../messages";
import { audioContext, latencyMs } from "./context";
import { type Order, PlaybackBuffer, type Report } from "./playback";
import workletUrl from "./playback.worklet.ts?worker&url";
import { Resampler, toFloat } from "./resample";

const KEPT_TURNS = 20;
const KEPT_SAMPLES = 24_000 * 60;
const RAMP_MS = 1000;
const SCRIPT_SAMPLES = 1024;

interface Kept {
  rate: number;
  pieces: Int16Array[];
  samples: number;
}

export class Speaker {
  analyser: AnalyserNode | null = null;
  volume = 1;
  private post: ((order: Order) => void) | null = null;
  private gain: GainNode | null = null;
  private starting: Promise<void> | null = null;
  private rate = 0;
  private turn = -1;
  private resampler: Resampler | null = null;
  private told = 0;
  /** The turn of a hub that was lost, which is played to its end. */
  private orphan: { shown: boolean } | null = null;
  private lastFinish: ReturnType<typeof setTimeout> | undefined;
  private readonly kept = new Map<number, Kept>();
  private replayed: AudioBufferSourceNode | null = null;

  constructor(
    private readonly send: (message: Up) => void,
    private readonly moved: (turn: number, positionMs: number, finished: boolean) => void,
  ) {}

  /** Make ready; to be called from a click or a key, so that sound is allowed. */
  start(): Promise<void> {
    this.starting ??= this.build().catch(() => {
      this.starting = null;
    });
    return this.starting;
  }

  /** Whether the browser lets nothing be heard before a click. */
  get blocked(): boolean {
    return this.post === null || audioContext().state !== "running";
  }

  take(message: Down): void {
    switch (message.type) {
      case "turn-started":
        // From here on a number is one of the new hub's.
        if (this.orphan) this.orphan.shown = false;
        break;
      case "audio-start":
        this.stopReplay();
        this.begin(message.turn, message.rate);
        break;
      case "audio-stop":
        this.order({ kind: "end", turn: message.turn });
        break;
      case "flush":
        this.resampler = null;
        this.order({ kind: "flush", turn: message.turn });
        break;
      case "pause":
      case "resume":
        this.order({ kind: message.type, turn: message.turn });
        break;
      case "cancel":
        this.order({ kind: "drop", turn: message.turn });
        break;
      case "duck": {
        const ramp = (message.ramp_ms / RAMP_MS) * audioContext().sampleRate;
        this.order({ kind: "duck", turn: message.turn, gain: 10 ** (message.gain_db / 20), ramp });
      }
    }
  }

  play(frame: AudioFrame): void {
    if (frame.turn !== this.turn || !this.rate) return;
    const kept = this.kept.get(frame.turn);
    if (kept && kept.samples < KEPT_SAMPLES && frame.before >= kept.samples) {
      kept.pieces.push(frame.samples);
      kept.samples += frame.samples.length;
    }
    this.resampler ??= new Resampler(this.rate, audioContext().sampleRate);
    const samples = this.resampler.process(toFloat(frame.samples));
    this.order({ kind: "play", turn: frame.turn, samples });
  }

  /** The hub was lost: what it has sent is heard to its end. It may count its turns anew. */
  letRun(): void {
    if (this.turn < 0) return;
    this.orphan = { shown: true };
    this.turn = -1;
    this.order({ kind: "let-run" });
  }

  /** Fall silent, and forget what was. */
  reset(): void {
    clearTimeout(this.lastFinish);
    this.turn = -1;
    this.orphan = null;
    this.post?.({ kind: "reset" });
  }

  setVolume(volume: number): void {
    this.volume = volume;
    if (this.gain) this.gain.gain.value = volume;
  }

  async setDevice(device: string | null): Promise<void> {
    const context = audioContext() as AudioContext & { setSinkId?: (id: string) => Promise<void> };
    await context.setSinkId?.(device ?? "");
  }

  canReplay(turn: number): boolean {
    return (this.kept.get(turn)?.samples ?? 0) > 0;
  }

  /** Play an answer once more; false: it is not kept. */
  async replay(turn: number): Promise<boolean> {
    const kept = this.kept.get(turn);
    if (!kept?.samples) return false;
    await this.start();
    const context = audioContext();
    const sound = context.createBuffer(1, kept.samples, kept.rate);
    let at = 0;
    for (const piece of kept.pieces) {
      sound.copyToChannel(toFloat(piece) as Float32Array<ArrayBuffer>, 0, at);
      at += piece.length;
    }
    this.stopReplay();
    const source = context.createBufferSource();
    source.buffer = sound;
    if (this.gain) source.connect(this.gain);
    source.start();
    this.replayed = source;
    return true;
  }

  stopReplay(): void {
    this.replayed?.stop();
    this.replayed = null;
  }

  private async build(): Promise<void> {
    const context = audioContext();
    const node = context.audioWorklet ? await this.worklet(context) : this.script(context);
    this.gain = context.createGain();
    this.gain.gain.value = this.volume;
    this.analyser = context.createAnalyser();
    this.analyser.fftSize = 512;
    node.connect(this.gain).connect(this.analyser).connect(context.destination);
  }

  private async worklet(context: AudioContext): Promise<AudioNode> {
    await context.audioWorklet.addModule(workletUrl);
    const node = new AudioWorkletNode(context, "sotto-playback", {
      numberOfInputs: 0,
      outputChannelCount: [1],
    });
    node.port.onmessage = (event: MessageEvent<Report>) => this.tell(event.data);
    this.post = (order) => node.port.postMessage(order);
    return node;
  }

  /** Where the page is not secure there are no worklets, and yet an answer is to be heard. */
  private script(context: AudioContext): AudioNode {
    const buffer = new PlaybackBuffer((report) => this.tell(report));
    const node = context.createScriptProcessor(SCRIPT_SAMPLES, 1, 1);
    let since = 0;
    node.onaudioprocess = (event) => {
      buffer.pull(event.outputBuffer.getChannelData(0));
      since += SCRIPT_SAMPLES;
      if (!buffer.active || since < context.sampleRate / 10) return;
      since = 0;
      buffer.tell(false);
    };
    this.post = (order) => buffer.take(order);
    return node;
  }

  private begin(turn: number, rate: number): void {
    if (turn !== this.turn) {
      this.told = 0;
      clearTimeout(this.lastFinish);
      this.kept.set(turn, { rate, pieces: [], samples: 0 });
      for (const old of [...this.kept.keys()].slice(0, -KEPT_TURNS)) this.kept.delete(old);
    }
    this.turn = turn;
    this.orphan = null;
    this.rate = rate;
    this.resampler = null;
    void this.start();
  }

  private order(order: Order): void {
    void this.start().then(() => this.post?.(order));
  }

  /** Tell the hub what was really heard: what left here a latency ago. */
  private tell(report: Report): void {
    const playedMs = (report.played / audioContext().sampleRate) * 1000;
    const say = (positionMs: number, finished: boolean) => {
      this.told = Math.max(this.told, positionMs);
      if (this.orphan) {
        if (this.orphan.shown) this.moved(report.turn, this.told, finished);
        return;
      }
      const buffered_ms = (report.buffered / audioContext().sampleRate) * 1000;
      const position_ms = Math.round(this.told);
      this.send({ type: "playback", turn: report.turn, position_ms, buffered_ms, finished });
      this.moved(report.turn, this.told, finished);
    };
    clearTimeout(this.lastFinish);
    if (!report.finished) say(Math.max(0, playedMs - latencyMs()), false);
    else this.lastFinish = setTimeout(() => say(playedMs, true), latencyMs());
  }
}
