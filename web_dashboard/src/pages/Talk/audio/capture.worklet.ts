/** The microphone's side of the audio thread: frames of 20 ms at 16 kHz. */

import { Resampler, toInt16 } from "./resample";

const RATE_HZ = 16_000;
const FRAME = 320;

class Capture extends AudioWorkletProcessor {
  private readonly resampler = new Resampler(sampleRate, RATE_HZ);
  private readonly frame = new Float32Array(FRAME);
  private filled = 0;
  private running = true;

  constructor() {
    super();
    this.port.onmessage = () => {
      this.running = false;
    };
  }

  process(inputs: Float32Array[][]): boolean {
    const channel = inputs[0]?.[0];
    if (channel) this.take(this.resampler.process(channel));
    return this.running;
  }

  private take(samples: Float32Array): void {
    let at = 0;
    while (at < samples.length) {
      const count = Math.min(FRAME - this.filled, samples.length - at);
      this.frame.set(samples.subarray(at, at + count), this.filled);
      this.filled += count;
      at += count;
      if (this.filled < FRAME) continue;
      const whole = toInt16(this.frame);
      this.port.postMessage(whole.buffer, [whole.buffer]);
      this.filled = 0;
    }
  }
}

registerProcessor("sotto-capture", Capture);
