import { type ReactNode, useEffect, useId, useRef, useState } from "react";
import "./Slider.css";

interface SliderProps {
  label: ReactNode;
  value: number;
  onChange: (value: number) => void;
  min?: number;
  max?: number;
  step?: number;
  /** How a value is written beside the label and read out. */
  format?: (value: number) => string;
  disabled?: boolean;
  /** The label is for screen readers only. */
  bare?: boolean;
}

/** While it is drawn it follows the hand; `onChange` hears of it when the hand rests. */
const REST_MS = 120;
/** For so long the hand's value is shown although the hub's is still another. */
const BELIEVE_MS = 2500;

export function Slider({
  label,
  value,
  onChange,
  min = 0,
  max = 100,
  step = 1,
  format = String,
  disabled,
  bare = false,
}: SliderProps) {
  const id = useId();
  const [hand, setHand] = useState<number | null>(null);
  const rest = useRef<ReturnType<typeof setTimeout>>(undefined);
  const believe = useRef<ReturnType<typeof setTimeout>>(undefined);

  useEffect(
    () => () => {
      clearTimeout(rest.current);
      clearTimeout(believe.current);
    },
    [],
  );
  useEffect(() => {
    if (value === hand) setHand(null);
  }, [value, hand]);

  const move = (moved: number) => {
    setHand(moved);
    clearTimeout(rest.current);
    clearTimeout(believe.current);
    rest.current = setTimeout(() => onChange(moved), REST_MS);
    believe.current = setTimeout(() => setHand(null), BELIEVE_MS);
  };

  const shown = hand ?? value;
  const part = max > min ? ((shown - min) / (max - min)) * 100 : 0;
  return (
    <div className="slider-row">
      <label htmlFor={id} className={bare ? "visually-hidden" : "grow"}>
        {label}
      </label>
      {!bare && (
        <output htmlFor={id} className="number">
          {format(shown)}
        </output>
      )}
      <input
        id={id}
        type="range"
        className="slider"
        min={min}
        max={max}
        step={step}
        value={shown}
        disabled={disabled}
        aria-valuetext={format(shown)}
        style={{ "--part": `${part}%` } as React.CSSProperties}
        onChange={(event) => move(event.target.valueAsNumber)}
      />
    </div>
  );
}
