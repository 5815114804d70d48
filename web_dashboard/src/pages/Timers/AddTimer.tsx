import { type FormEvent, useState } from "react";
import { useTranslation } from "react-i18next";
import { askJson } from "@/api/client";
import { attempt } from "@/components/attempt";
import { Button } from "@/components/Button";
import { Dialog } from "@/components/Dialog";
import { SelectField, TextField } from "@/components/Field";
import { useLive } from "@/live/live";
import { spanS } from "./countdown";
import type { Kind, NewTimer, Satellite } from "./types";

const KINDS: Kind[] = ["timer", "alarm", "reminder", "command"];
const DAYS = [0, 1, 2, 3, 4, 5, 6];
const DAY_MS = 86_400_000;
const MONDAY = Date.UTC(2024, 0, 1);

/** Set a timer, an alarm, a reminder or a command for later. */
export function AddTimer({ onClose }: { onClose: () => void }) {
  const { t, i18n } = useTranslation("timers");
  const satellites = Object.values(useLive<Satellite>("satellites"));
  const [kind, setKind] = useState<Kind>("timer");
  const [words, setWords] = useState("");
  const [span, setSpan] = useState("");
  const [at, setAt] = useState("");
  const [on, setOn] = useState("");
  const [weekdays, setWeekdays] = useState<number[]>([]);
  const [where, setWhere] = useState("");
  const [problem, setProblem] = useState("");
  const [busy, setBusy] = useState(false);
  const names = new Intl.DateTimeFormat(i18n.language, { weekday: "short", timeZone: "UTC" });
  const byClock = kind === "alarm" || at !== "";

  const submit = async (event: FormEvent) => {
    event.preventDefault();
    const place = satellites.find((one) => one.id === where);
    const json: NewTimer = { kind };
    if (place)
      Object.assign(json, { satellite: place.id, ...(place.area && { area: place.area }) });
    if (words.trim()) json[kind === "timer" || kind === "alarm" ? "name" : "text"] = words;
    if (byClock) {
      if (!at) return setProblem(t("bad.at"));
      json.at = at;
      if (weekdays.length > 0) json.weekdays = weekdays;
      else if (on) json.on = on;
    } else {
      const seconds = spanS(span);
      if (seconds === null) return setProblem(t("bad.span"));
      json.after_s = seconds;
    }
    setProblem("");
    setBusy(true);
    const set = () => askJson("/v1/timers", { method: "POST", json });
    if (await attempt(set, { done: t("set") })) onClose();
    setBusy(false);
  };

  return (
    <Dialog open title={t("add")} onClose={onClose}>
      <form className="stack" onSubmit={submit}>
        <fieldset className="kinds">
          <legend className="visually-hidden">{t("kind.label")}</legend>
          {KINDS.map((one) => (
            <label key={one}>
              <input
                type="radio"
                name="kind"
                checked={kind === one}
                onChange={() => setKind(one)}
              />
              <span>{t(`kind.${one}`)}</span>
            </label>
          ))}
        </fieldset>
        <TextField
          label={t(`words.${kind}`)}
          value={words}
          maxLength={300}
          required={kind === "reminder" || kind === "command"}
          onChange={(event) => setWords(event.target.value)}
        />
        {kind !== "alarm" && (
          <TextField
            label={t("span")}
            hint={t("spanHint")}
            error={byClock ? "" : problem}
            value={span}
            inputMode="decimal"
            disabled={at !== ""}
            onChange={(event) => setSpan(event.target.value)}
          />
        )}
        {kind !== "timer" && (
          <>
            <div className="timer-halves">
              <TextField
                label={t("atTime")}
                error={byClock ? problem : ""}
                type="time"
                value={at}
                onChange={(event) => setAt(event.target.value)}
              />
              {weekdays.length === 0 && (
                <TextField
                  label={t("onDay")}
                  type="date"
                  value={on}
                  onChange={(event) => setOn(event.target.value)}
                />
              )}
            </div>
            <fieldset className="days">
              <legend className="small quiet">{t("everyWeek")}</legend>
              {DAYS.map((day) => (
                <label key={day}>
                  <input
                    type="checkbox"
                    checked={weekdays.includes(day)}
                    onChange={() =>
                      setWeekdays((before) =>
                        before.includes(day)
                          ? before.filter((one) => one !== day)
                          : [...before, day].sort(),
                      )
                    }
                  />
                  <span>{names.format(MONDAY + day * DAY_MS)}</span>
                </label>
              ))}
            </fieldset>
          </>
        )}
        <SelectField
          label={t("where")}
          value={where}
          options={[
            { value: "", label: t("anywhere") },
            ...satellites.map((one) => ({ value: one.id, label: one.name })),
          ]}
          onChange={(event) => setWhere(event.target.value)}
        />
        <div className="row end">
          <Button onClick={onClose}>{t("close")}</Button>
          <Button type="submit" kind="primary" icon="check" busy={busy}>
            {t("setIt")}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
