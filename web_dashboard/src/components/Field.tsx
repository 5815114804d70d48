import {
  type InputHTMLAttributes,
  type ReactNode,
  type SelectHTMLAttributes,
  type TextareaHTMLAttributes,
  useId,
} from "react";
import { useTranslation } from "react-i18next";
import { Told } from "./Told";

interface Words {
  label: ReactNode;
  hint?: ReactNode;
  /** What is wrong with it, and what to do. */
  error?: ReactNode;
}

/** Of a field that has an end: how full it is when that is told. */
const NEARLY_FULL = 0.8;

interface Wired {
  id: string;
  className: string;
  "aria-describedby": string | undefined;
  "aria-invalid": true | undefined;
}

/** A label, an input, and what there is to say on it; `children` gets what ties them together. */
export function Field({
  label,
  hint,
  error,
  end,
  children,
}: Words & {
  /** What there is to say on its end. */
  end?: ReactNode;
  children: (wired: Wired) => ReactNode;
}) {
  const id = useId();
  const described = [hint && `${id}-hint`, error && `${id}-error`].filter(Boolean).join(" ");
  return (
    <div className="field">
      <label htmlFor={id}>{label}</label>
      {children({
        id,
        className: "input",
        "aria-describedby": described || undefined,
        "aria-invalid": error ? true : undefined,
      })}
      {hint && (
        <span id={`${id}-hint`} className="hint">
          {hint}
        </span>
      )}
      {end}
      {error && (
        <span id={`${id}-error`} className="error" role="alert">
          {typeof error === "string" ? <Told text={error} /> : error}
        </span>
      )}
    </div>
  );
}

/** Tells that a field has an end before it is reached: the browser lets nothing more in. */
function End({ value, maxLength: most }: { value?: unknown; maxLength?: number | undefined }) {
  const { t } = useTranslation();
  if (most === undefined || typeof value !== "string") return null;
  const used = value.length;
  const full = used >= most;
  return (
    <>
      {!full && used >= most * NEARLY_FULL && (
        <span className="hint">{t("end.used", { used, most })}</span>
      )}
      {/* There before it says something: a screen reader tells only what changes in what it knows. */}
      <span role="status" className={full ? "hint full" : "visually-hidden"}>
        {full && t("end.full", { most })}
      </span>
    </>
  );
}

export function TextField({
  label,
  hint,
  error,
  ...rest
}: Words & InputHTMLAttributes<HTMLInputElement>) {
  return (
    <Field label={label} hint={hint} error={error} end={<End {...rest} />}>
      {(wired) => <input {...rest} {...wired} />}
    </Field>
  );
}

export function TextArea({
  label,
  hint,
  error,
  ...rest
}: Words & TextareaHTMLAttributes<HTMLTextAreaElement>) {
  return (
    <Field label={label} hint={hint} error={error} end={<End {...rest} />}>
      {(wired) => <textarea rows={3} {...rest} {...wired} />}
    </Field>
  );
}

export function SelectField({
  label,
  hint,
  error,
  options,
  ...rest
}: Words &
  SelectHTMLAttributes<HTMLSelectElement> & {
    options: readonly { value: string; label: string }[];
  }) {
  return (
    <Field label={label} hint={hint} error={error}>
      {(wired) => (
        <select {...rest} {...wired}>
          {options.map((option) => (
            <option key={option.value} value={option.value}>
              {option.label}
            </option>
          ))}
        </select>
      )}
    </Field>
  );
}
