import { describe, expect, it } from "vitest";
import { Resampler, toFloat, toInt16 } from "./resample";

function tone(hz: number, rate: number, seconds: number): Float32Array {
  return Float32Array.from({ length: rate * seconds }, (_, i) =>
    Math.sin((2 * Math.PI * hz * i) / rate),
  );
}

function inPieces(resampler: Resampler, samples: Float32Array, size: number): Float32Array {
  const parts: number[] = [];
  for (let at = 0; at < samples.length; at += size)
    parts.push(...resampler.process(samples.subarray(at, at + size)));
  return Float32Array.from(parts);
}

const loudness = (samples: Float32Array) =>
  Math.sqrt(samples.reduce((sum, one) => sum + one * one, 0) / samples.length);

describe("Resampler", () => {
  it.each([
    [48_000, 16_000],
    [44_100, 16_000],
    [22_050, 48_000],
    [16_000, 16_000],
  ])("keeps a tone of speech from %i to %i Hz as loud as it is", (from, to) => {
    const out = new Resampler(from, to).process(tone(1000, from, 1));
    expect(Math.abs(out.length - to)).toBeLessThan(to * 0.01);
    expect(loudness(out.subarray(to * 0.1, to * 0.9))).toBeCloseTo(Math.SQRT1_2, 1);
  });

  it("lets nothing through that would fold back", () => {
    const out = new Resampler(48_000, 16_000).process(tone(11_000, 48_000, 1));
    expect(loudness(out.subarray(2000, 14_000))).toBeLessThan(0.01);
  });

  it("gives the same in pieces of any size as at once", () => {
    const sound = tone(440, 48_000, 0.3);
    const whole = new Resampler(48_000, 16_000).process(sound);
    for (const size of [1, 7, 128, 1000]) {
      const pieces = inPieces(new Resampler(48_000, 16_000), sound, size);
      const same = Math.min(pieces.length, whole.length);
      expect(whole.length - same).toBeLessThan(3);
      for (let i = 0; i < same; i++)
        expect(Math.abs((pieces[i] as number) - (whole[i] as number))).toBeLessThan(1e-3);
    }
  });

  it("clips what is too loud instead of turning it over", () => {
    expect([...toInt16(Float32Array.of(2, -2, 0))]).toEqual([32767, -32768, 0]);
    expect([...toFloat(Int16Array.of(-32768, 0, 16384))]).toEqual([-1, 0, 0.5]);
  });
});
