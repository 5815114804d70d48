import type { ReactNode } from "react";
import "./Progress.css";

/** How far something is, from 0 to 1; null: nobody knows. */
export function Progress({ label, part }: { label: ReactNode; part: number | null }) {
  return (
    <label className="progress">
      <span>{label}</span>
      <progress max={1} value={part ?? undefined} />
    </label>
  );
}

/** How loud, full or strong something is, from 0 to 1, at this moment. */
export function Meter({ label, value, text }: { label: string; value: number; text?: string }) {
  const shown = Math.min(1, Math.max(0, value));
  return (
    // biome-ignore lint/a11y/useSemanticElements: the browser's meter can not be styled alike.
    <div
      className="meter"
      role="meter"
      aria-label={label}
      aria-valuemin={0}
      aria-valuemax={1}
      aria-valuenow={Math.round(shown * 100) / 100}
      aria-valuetext={text}
    >
      <span style={{ transform: `scaleX(${shown})` }} />
    </div>
  );
}
