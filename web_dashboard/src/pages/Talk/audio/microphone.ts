/** The microphone: opened when it is needed, and why it can not be. */

import workletUrl from "./capture.worklet.ts?worker&url";
import { audioContext } from "./context";

/** Why there is no microphone. */
export type Lack = "insecure" | "denied" | "missing" | "busy" | "failed";

export class NoMicrophone extends Error {
  constructor(readonly lack: Lack) {
    super(lack);
  }
}

/** Return why there can be no microphone here at all; null: there may be one. */
export function lacking(): Lack | null {
  if (!globalThis.isSecureContext || !navigator.mediaDevices) return "insecure";
  return typeof AudioWorkletNode === "undefined" ? "failed" : null;
}

/** Return what an error of the browser means. */
export function lackOf(error: unknown): Lack {
  const name = error instanceof DOMException ? error.name : "";
  if (name === "NotAllowedError" || name === "SecurityError") return "denied";
  if (name === "NotFoundError" || name === "OverconstrainedError") return "missing";
  if (name === "NotReadableError" || name === "AbortError") return "busy";
  return "failed";
}

export interface OpenMicrophone {
  /** For whoever draws it. */
  analyser: AnalyserNode;
  /** Whether the browser takes its own sound out of it. */
  echoCancelled: boolean;
  close(): void;
}

let loaded: Promise<void> | null = null;

/** Open it; `onFrame` gets 20 ms of 16 kHz at a time. Throws NoMicrophone. */
export async function openMicrophone(
  device: string | null,
  onFrame: (frame: ArrayBuffer) => void,
  onLost: () => void,
): Promise<OpenMicrophone> {
  const lack = lacking();
  if (lack) throw new NoMicrophone(lack);
  try {
    const context = audioContext();
    const stream = await navigator.mediaDevices.getUserMedia({
      audio: {
        echoCancellation: true,
        noiseSuppression: true,
        autoGainControl: true,
        channelCount: 1,
        ...(device ? { deviceId: { ideal: device } } : {}),
      },
    });
    loaded ??= context.audioWorklet.addModule(workletUrl);
    await loaded;
    void context.resume();
    const source = context.createMediaStreamSource(stream);
    const capture = new AudioWorkletNode(context, "sotto-capture", { numberOfOutputs: 0 });
    const analyser = context.createAnalyser();
    analyser.fftSize = 512;
    capture.port.onmessage = (event: MessageEvent<ArrayBuffer>) => onFrame(event.data);
    source.connect(capture);
    source.connect(analyser);
    const [track] = stream.getAudioTracks();
    track?.addEventListener("ended", onLost);
    return {
      analyser,
      echoCancelled: track?.getSettings().echoCancellation !== false,
      close() {
        track?.removeEventListener("ended", onLost);
        capture.port.postMessage("end");
        source.disconnect();
        for (const one of stream.getTracks()) one.stop();
      },
    };
  } catch (error) {
    loaded = null;
    throw new NoMicrophone(lackOf(error));
  }
}

export interface Devices {
  microphones: MediaDeviceInfo[];
  speakers: MediaDeviceInfo[];
}

/** Return what there is; names are told only once a microphone was allowed. */
export async function devices(): Promise<Devices> {
  const all = (await navigator.mediaDevices?.enumerateDevices()) ?? [];
  const named = all.filter((one) => one.deviceId && one.label);
  return {
    microphones: named.filter((one) => one.kind === "audioinput"),
    speakers: named.filter((one) => one.kind === "audiooutput"),
  };
}
