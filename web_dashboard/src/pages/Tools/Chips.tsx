import { type KeyboardEvent, useId, useState } from "react";
import { useTranslation } from "react-i18next";
import { Field } from "@/components/Field";
import { Icon } from "@/components/Icon";

/** Several words in one field: Enter or a comma ends one, Backspace takes the last one back. */
export function Chips({
  label,
  hint,
  error,
  values,
  onChange,
  known = [],
}: {
  label: string;
  hint?: string;
  error?: string;
  values: readonly string[];
  onChange: (values: string[]) => void;
  /** What may be meant. */
  known?: readonly string[];
}) {
  const { t } = useTranslation("tools");
  const [typed, setTyped] = useState("");
  const list = useId();
  const take = (text: string) => {
    const found = text
      .split(",")
      .map((one) => one.trim())
      .filter(Boolean);
    setTyped("");
    if (found.length) onChange([...new Set([...values, ...found])]);
  };
  const onKey = (event: KeyboardEvent) => {
    if (event.key === "Enter" && typed.trim()) {
      event.preventDefault();
      take(typed);
    } else if (event.key === "Backspace" && !typed) {
      onChange(values.slice(0, -1));
    }
  };
  return (
    <Field label={label} hint={hint} error={error}>
      {(wired) => (
        <div className="tools-chips">
          {values.map((value) => (
            <button
              key={value}
              type="button"
              className="tools-chip"
              aria-label={t("edit.without", { value })}
              onClick={() => onChange(values.filter((one) => one !== value))}
            >
              {value}
              <Icon name="close" size={14} />
            </button>
          ))}
          <input
            {...wired}
            list={list}
            value={typed}
            maxLength={200}
            autoComplete="off"
            onChange={(event) => {
              const text = event.target.value;
              if (text.includes(",") || (known.includes(text) && !isTyped(event.nativeEvent)))
                take(text);
              else setTyped(text);
            }}
            onKeyDown={onKey}
            onBlur={() => take(typed)}
          />
          <datalist id={list}>
            {known
              .filter((one) => !values.includes(one))
              .map((one) => (
                <option key={one} value={one} />
              ))}
          </datalist>
        </div>
      )}
    </Field>
  );
}

/** Whether it was typed, rather than chosen of the list. */
function isTyped(event: Event): boolean {
  return event instanceof InputEvent && event.inputType === "insertText";
}
