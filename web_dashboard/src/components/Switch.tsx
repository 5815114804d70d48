import { type ReactNode, useId } from "react";
import "./Switch.css";

interface SwitchProps {
  label: ReactNode;
  /** What it means, in small letters under the label. */
  hint?: ReactNode;
  checked: boolean;
  onChange: (checked: boolean) => void;
  disabled?: boolean;
  /** The label is for screen readers only. */
  bare?: boolean;
}

export function Switch({ label, hint, checked, onChange, disabled, bare = false }: SwitchProps) {
  const id = useId();
  return (
    <div className="switch-row">
      <span className={bare ? "visually-hidden" : "grow"}>
        <span id={id}>{label}</span>
        {hint && (
          <span id={`${id}-hint`} className="hint">
            {hint}
          </span>
        )}
      </span>
      <button
        type="button"
        role="switch"
        className="switch"
        aria-checked={checked}
        aria-labelledby={id}
        aria-describedby={hint ? `${id}-hint` : undefined}
        disabled={disabled}
        onClick={() => onChange(!checked)}
      />
    </div>
  );
}
