import type { ButtonHTMLAttributes } from "react";
import { Icon, type IconName } from "./Icon";

interface ButtonProps extends ButtonHTMLAttributes<HTMLButtonElement> {
  kind?: "plain" | "primary" | "quiet" | "danger";
  icon?: IconName;
  /** It is being done: the button keeps the focus, and does nothing more. */
  busy?: boolean;
  /** A dialog begins here. */
  "data-first"?: boolean;
}

export function Button({
  kind = "plain",
  icon,
  busy = false,
  className = "",
  children,
  onClick,
  ...rest
}: ButtonProps) {
  return (
    <button
      type="button"
      {...rest}
      className={`button ${kind} ${className}`}
      aria-busy={busy || undefined}
      aria-disabled={busy || undefined}
      onClick={(event) => {
        if (busy) event.preventDefault();
        else onClick?.(event);
      }}
    >
      {icon && <Icon name={icon} />}
      {children}
    </button>
  );
}

/** A button that is an icon; its label is for screen readers and the pointer. */
export function IconButton({
  label,
  icon,
  className = "",
  ...rest
}: Omit<ButtonProps, "children"> & { label: string; icon: IconName }) {
  return (
    <Button
      kind="quiet"
      {...rest}
      icon={icon}
      className={`only-icon ${className}`}
      aria-label={label}
      title={label}
    />
  );
}
