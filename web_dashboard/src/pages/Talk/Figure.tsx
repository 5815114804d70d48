/** A figure that moves with the voices: the person's and the hub's. */

import { useEffect, useRef } from "react";
import { analysers, useTalk } from "./talk";

const POINTS = 96;
const CALM_MS = 250;
/** While nothing is heard it moves slowly: a panel on a wall shows it all day. */
const IDLE_MS = 80;
const QUIET = 0.02;

export function Figure() {
  const canvas = useRef<HTMLCanvasElement>(null);
  useEffect(() => (canvas.current ? draw(canvas.current) : undefined), []);
  return (
    <div aria-hidden="true">
      <canvas ref={canvas} className="talk-figure" />
    </div>
  );
}

/** Draw until stopped; returns how to stop. */
function draw(canvas: HTMLCanvasElement): () => void {
  const pen = canvas.getContext("2d");
  const calm = matchMedia("(prefers-reduced-motion: reduce)");
  const samples = new Uint8Array(512);
  let level = 0;
  let frame = 0;
  let timer: ReturnType<typeof setTimeout> | undefined;

  const paint = (at: number) => {
    const { state } = useTalk.getState();
    const size = canvas.clientWidth * devicePixelRatio;
    if (canvas.width !== size) canvas.width = canvas.height = size;
    const { microphone, speaker } = analysers();
    const loud = Math.max(
      loudness(microphone, samples),
      loudness(state === "speaking" ? speaker : null, samples),
    );
    level += (loud - level) * (loud > level ? 0.5 : 0.12);
    if (pen) shape(pen, size, calm.matches ? 0 : at, level, state);
    const next = () => {
      frame = requestAnimationFrame(paint);
    };
    if (calm.matches || document.hidden) timer = setTimeout(next, CALM_MS);
    else if (state === "idle" && level < QUIET) timer = setTimeout(next, IDLE_MS);
    else next();
  };
  frame = requestAnimationFrame(paint);
  return () => {
    cancelAnimationFrame(frame);
    clearTimeout(timer);
  };
}

export function loudness(analyser: AnalyserNode | null, samples: Uint8Array<ArrayBuffer>): number {
  if (!analyser) return 0;
  analyser.getByteTimeDomainData(samples);
  let sum = 0;
  for (const sample of samples) sum += (sample - 128) ** 2;
  const rms = Math.sqrt(sum / samples.length) / 128;
  return Math.min(1, Math.max(0, 1 + Math.log10(rms + 1e-4) / 2.2));
}

function shape(
  pen: CanvasRenderingContext2D,
  size: number,
  at: number,
  level: number,
  state: string,
): void {
  const style = getComputedStyle(pen.canvas);
  const accent = style.getPropertyValue("--accent").trim();
  const busy = state === "thinking" ? 0.35 + 0.15 * Math.sin(at / 240) : 0;
  const strength = Math.max(level, busy, state === "idle" ? 0.06 : 0.14);
  pen.clearRect(0, 0, size, size);
  for (const [ring, alpha] of [
    [1, 0.16],
    [0.72, 0.3],
    [0.46, 1],
  ] as const) {
    pen.beginPath();
    for (let i = 0; i <= POINTS; i++) {
      const angle = (i / POINTS) * 2 * Math.PI;
      const wave =
        Math.sin(angle * 3 + at / 700 + ring * 4) * 0.5 +
        Math.sin(angle * 5 - at / 430 + ring * 7) * 0.3 +
        Math.sin(angle * 2 + at / 1100) * 0.2;
      const radius = size * 0.36 * (ring * (0.82 + strength * 0.42) + wave * strength * 0.13);
      const x = size / 2 + Math.cos(angle) * radius;
      const y = size / 2 + Math.sin(angle) * radius;
      if (i) pen.lineTo(x, y);
      else pen.moveTo(x, y);
    }
    pen.closePath();
    pen.globalAlpha = state === "idle" ? alpha * 0.7 : alpha;
    pen.fillStyle = accent;
    pen.fill();
  }
  pen.globalAlpha = 1;
}
