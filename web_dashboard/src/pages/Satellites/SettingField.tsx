import { type ReactNode, useEffect, useState } from "react";
import { useTranslation } from "react-i18next";
import { Button } from "@/components/Button";
import { SelectField, TextArea, TextField } from "@/components/Field";
import { Slider } from "@/components/Slider";
import { Switch } from "@/components/Switch";
import { useFormat } from "@/i18n/format";
import { useBelief } from "@/live/useBelief";
import { editorOf, isChanged, read, stepOf, WAKE_WORDS, written } from "./settings";
import type { Setting } from "./types";

interface SettingFieldProps {
  setting: Setting;
  /** Change it; null: as in the satellite's file. Returns whether it was done. */
  onSet: (value: unknown) => Promise<boolean>;
  disabled?: boolean;
}

/** One setting of a satellite, with the input that suits its kind. */
export function SettingField({ setting, onSet, disabled = false }: SettingFieldProps) {
  const { t } = useTranslation("satellites");
  return (
    <div className="setting">
      <Editor setting={setting} onSet={onSet} disabled={disabled} />
      {isChanged(setting) && !disabled && (
        <Button kind="quiet" icon="undo" className="reset" onClick={() => void onSet(null)}>
          {t("asInFile", { value: written(setting.own) || t("nothing") })}
        </Button>
      )}
    </div>
  );
}

function Editor({ setting, onSet, disabled = false }: SettingFieldProps) {
  const { t } = useTranslation("satellites");
  const { number, percent } = useFormat();
  const [shown, believe] = useBelief(setting.value);
  const label = t(`setting.${setting.name}.label`, { defaultValue: setting.name });
  const hint = t(`setting.${setting.name}.hint`, { defaultValue: "" });
  const set = async (value: unknown) => {
    believe(value);
    if (!(await onSet(value))) believe(undefined);
  };
  switch (editorOf(setting)) {
    case "switch":
      return (
        <Switch
          label={label}
          hint={hint}
          checked={shown === true}
          disabled={disabled}
          onChange={(on) => void set(on)}
        />
      );
    case "slider": {
      const share = setting.least === 0 && setting.greatest === 1;
      return (
        <>
          <Slider
            label={label}
            value={Number(setting.value)}
            min={setting.least ?? 0}
            max={setting.greatest ?? 1}
            step={stepOf(setting)}
            format={share ? percent : number}
            disabled={disabled}
            onChange={(value) => void onSet(value)}
          />
          {hint && <span className="hint">{hint}</span>}
        </>
      );
    }
    case "choice":
      return (
        <SelectField
          label={label}
          hint={hint}
          value={String(shown)}
          disabled={disabled}
          options={setting.choices.map((choice) => ({
            value: choice,
            label: t(`choice.${choice}`, { defaultValue: choice }),
          }))}
          onChange={(event) => void set(event.target.value)}
        />
      );
    case "wake-words":
      return (
        <WakeWords setting={setting} label={label} onSet={onSet} disabled={disabled}>
          <Typed
            setting={setting}
            label={t("otherWords")}
            hint={t("otherWordsHint")}
            onSet={onSet}
            disabled={disabled}
          />
        </WakeWords>
      );
    default:
      return (
        <Typed setting={setting} label={label} hint={hint} onSet={onSet} disabled={disabled} />
      );
  }
}

/** The wake words that every satellite has, with a touch; `children` for those of one's own. */
function WakeWords({
  setting,
  label,
  onSet,
  disabled,
  children,
}: SettingFieldProps & { label: string; children: ReactNode }) {
  const { t } = useTranslation("satellites");
  const told = setting.value as string[];
  const [words, believe] = useBelief(told);
  const full = words.length >= (setting.greatest ?? Number.POSITIVE_INFINITY);
  const toggle = async (word: string) => {
    const wanted = words.includes(word) ? words.filter((one) => one !== word) : [...words, word];
    believe(wanted);
    if (!(await onSet(wanted))) believe(undefined);
  };
  const shown = [...new Set([...WAKE_WORDS, ...words])];
  return (
    <>
      <fieldset className="word-chips">
        <legend>{label}</legend>
        {shown.map((word) => {
          const on = words.includes(word);
          return (
            <label key={word}>
              <input
                type="checkbox"
                checked={on}
                disabled={disabled || (full && !on)}
                onChange={() => void toggle(word)}
              />
              <span>{word.replaceAll("_", " ")}</span>
            </label>
          );
        })}
      </fieldset>
      {full && <span className="hint">{t("bad.many", { most: setting.greatest })}</span>}
      <details>
        <summary>{t("otherWords")}</summary>
        {children}
      </details>
    </>
  );
}

/** What is typed is sent when the hand leaves the input, or with Enter. */
function Typed({
  setting,
  label,
  hint,
  onSet,
  disabled,
}: SettingFieldProps & { label: string; hint: string }) {
  const { t } = useTranslation("satellites");
  const told = written(setting.value);
  const [text, setText] = useState(told);
  const [problem, setProblem] = useState("");
  useEffect(() => setText(told), [told]);
  const leave = async () => {
    if (text === told) return setProblem("");
    const found = read(setting, text);
    if ("problem" in found)
      return setProblem(t(`bad.${found.problem}`, { most: setting.greatest }));
    setProblem("");
    await onSet(found.value);
  };
  const inputs = {
    label,
    hint,
    error: problem,
    value: text,
    disabled,
    onBlur: () => void leave(),
  };
  if (setting.kind === "table")
    return <TextArea {...inputs} onChange={(event) => setText(event.target.value)} />;
  return (
    <TextField
      {...inputs}
      onChange={(event) => setText(event.target.value)}
      onKeyDown={(event) => event.key === "Enter" && void leave()}
    />
  );
}
