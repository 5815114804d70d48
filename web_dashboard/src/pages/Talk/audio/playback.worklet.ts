/** The speaker's side of the audio thread. */

import { type Order, PlaybackBuffer } from "./playback";

const REPORT_S = 0.1;

class Playback extends AudioWorkletProcessor {
  private readonly buffer = new PlaybackBuffer((report) => this.port.postMessage(report));
  private since = 0;

  constructor() {
    super();
    this.port.onmessage = (event: MessageEvent<Order>) => this.buffer.take(event.data);
  }

  process(_: Float32Array[][], outputs: Float32Array[][]): boolean {
    const channels = outputs[0];
    const first = channels?.[0];
    if (!channels || !first) return true;
    this.buffer.pull(first);
    for (const other of channels.slice(1)) other.set(first);
    this.since += first.length;
    if (this.buffer.active && this.since >= sampleRate * REPORT_S) {
      this.since = 0;
      this.buffer.tell(false);
    }
    return true;
  }
}

registerProcessor("sotto-playback", Playback);
