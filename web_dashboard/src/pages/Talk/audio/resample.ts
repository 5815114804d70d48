/** Changes the rate of a stream of sound: a windowed sinc, so that nothing folds back into speech. */

const ZERO_CROSSINGS = 16;
const PHASES = 64;

export class Resampler {
  private readonly step: number;
  private readonly half: number;
  private readonly table: Float32Array[];
  private history: Float32Array;
  /** Where the next sample is taken, in samples of the history. */
  private at: number;

  constructor(fromHz: number, toHz: number) {
    this.step = fromHz / toHz;
    const cutoff = Math.min(1, toHz / fromHz) * 0.95;
    this.half = Math.ceil(ZERO_CROSSINGS / cutoff);
    this.table = Array.from({ length: PHASES + 1 }, (_, phase) =>
      taps(this.half, phase / PHASES, cutoff),
    );
    this.history = new Float32Array(this.half);
    this.at = this.half;
  }

  /** Return what more there is of the stream at the other rate. */
  process(samples: Float32Array): Float32Array {
    const input = new Float32Array(this.history.length + samples.length);
    input.set(this.history);
    input.set(samples, this.history.length);
    const last = input.length - this.half;
    const output = new Float32Array(Math.max(0, Math.ceil((last - this.at) / this.step)));
    let count = 0;
    while (this.at < last && count < output.length) {
      const whole = Math.floor(this.at);
      const tap = this.table[Math.round((this.at - whole) * PHASES)] as Float32Array;
      const from = whole - this.half + 1;
      let sum = 0;
      for (let i = 0; i < tap.length; i++) sum += (tap[i] as number) * (input[from + i] ?? 0);
      output[count++] = sum;
      this.at += this.step;
    }
    const keep = Math.max(0, Math.floor(this.at) - this.half);
    this.history = input.slice(keep);
    this.at -= keep;
    return output.subarray(0, count);
  }
}

function taps(half: number, fraction: number, cutoff: number): Float32Array {
  const tap = new Float32Array(2 * half);
  let sum = 0;
  for (let i = 0; i < tap.length; i++) {
    const x = i - half + 1 - fraction;
    const angle = Math.PI * x * cutoff;
    const sinc = x === 0 ? 1 : Math.sin(angle) / angle;
    const window = 0.5 + 0.5 * Math.cos((Math.PI * x) / half);
    tap[i] = Math.abs(x) > half ? 0 : sinc * window;
    sum += tap[i] as number;
  }
  for (let i = 0; i < tap.length; i++) tap[i] = (tap[i] as number) / sum;
  return tap;
}

export function toFloat(samples: Int16Array): Float32Array {
  return Float32Array.from(samples, (sample) => sample / 32768);
}

export function toInt16(samples: Float32Array): Int16Array {
  return Int16Array.from(samples, (sample) =>
    Math.max(-32768, Math.min(32767, Math.round(sample * 32767))),
  );
}
