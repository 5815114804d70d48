/** A recording of the microphone as a WAV file, which every engine can hear. */

const RATE_HZ = 16_000;
const LONGEST_MS = 20_000;

export interface Recording {
  stop: () => void;
  /** The file, once it was stopped or has become too long. */
  wav: Promise<Blob>;
}

/** Why there is no microphone here; null: there is one, if the person allows it. */
export function missing(): "insecure" | "unsupported" | null {
  if (!window.isSecureContext) return "insecure";
  return navigator.mediaDevices && "MediaRecorder" in window ? null : "unsupported";
}

export async function record(): Promise<Recording> {
  const stream = await navigator.mediaDevices.getUserMedia({
    audio: { echoCancellation: false, noiseSuppression: false, autoGainControl: true },
  });
  const recorder = new MediaRecorder(stream);
  const pieces: Blob[] = [];
  recorder.ondataavailable = (event) => pieces.push(event.data);
  const ended = new Promise<void>((resolve) => {
    recorder.onstop = () => resolve();
  });
  recorder.start();
  const stop = () => {
    if (recorder.state !== "inactive") recorder.stop();
  };
  const limit = setTimeout(stop, LONGEST_MS);
  const wav = ended.then(() => {
    clearTimeout(limit);
    for (const track of stream.getTracks()) track.stop();
    return toWav(new Blob(pieces, { type: recorder.mimeType }));
  });
  return { stop, wav };
}

async function toWav(recorded: Blob): Promise<Blob> {
  const context = new OfflineAudioContext(1, 1, RATE_HZ);
  const sound = await context.decodeAudioData(await recorded.arrayBuffer());
  return wavOf(sound.getChannelData(0), RATE_HZ);
}

/** Return samples from -1 to 1 as a WAV file of one channel and 16 bit. */
export function wavOf(samples: Float32Array, rateHz: number): Blob {
  const view = new DataView(new ArrayBuffer(44 + samples.length * 2));
  const word = (at: number, letters: string) => {
    for (let index = 0; index < letters.length; index += 1)
      view.setUint8(at + index, letters.charCodeAt(index));
  };
  word(0, "RIFF");
  view.setUint32(4, 36 + samples.length * 2, true);
  word(8, "WAVEfmt ");
  view.setUint32(16, 16, true);
  view.setUint16(20, 1, true);
  view.setUint16(22, 1, true);
  view.setUint32(24, rateHz, true);
  view.setUint32(28, rateHz * 2, true);
  view.setUint16(32, 2, true);
  view.setUint16(34, 16, true);
  word(36, "data");
  view.setUint32(40, samples.length * 2, true);
  samples.forEach((sample, index) => {
    const shown = Math.max(-1, Math.min(1, sample));
    view.setInt16(44 + index * 2, Math.round(shown * 32767), true);
  });
  return new Blob([view.buffer], { type: "audio/wav" });
}
