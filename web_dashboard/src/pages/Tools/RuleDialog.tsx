import { useState } from "react";
import { useTranslation } from "react-i18next";
import { SelectField, TextField } from "@/components/Field";
import type { Made, Tools } from "./api";
import { Chips } from "./Chips";
import { EditDialog } from "./editing";
import { useNames } from "./names";
import {
  DAYS,
  dayName,
  type List,
  RULINGS,
  type RuleForm,
  type Ruling,
  ruleForm,
  ruleOf,
} from "./rule";

const KEYS = [
  "then",
  "devices",
  "domains",
  "verbs",
  "tools",
  "rooms",
  "persons",
  "hours",
  "weekdays",
  "words",
];

/** A rule: who may do what, where and when. */
export function RuleDialog({
  rule,
  tools,
  onClose,
  onDone,
}: {
  rule: Made<"rule"> | null;
  tools: Tools | undefined;
  onClose: () => void;
  onDone: () => void;
}) {
  const { t, i18n } = useTranslation("tools");
  const names = useNames();
  const [form, setForm] = useState(() => ruleForm(rule?.value ?? null));
  const [dirty, setDirty] = useState(false);
  const put = (more: Partial<RuleForm>) => {
    setForm({ ...form, ...more });
    setDirty(true);
  };
  const unique = (all: (string | null)[]) => [...new Set(all.filter((one) => one !== null))].sort();
  const known: Record<List, string[]> = {
    devices: names.devices.map((one) => one.name),
    domains: unique(names.devices.flatMap((one) => [one.kind, one.device_class])),
    verbs: unique(names.devices.flatMap((one) => one.verbs)),
    tools: (tools?.tools ?? []).map((one) => one.name),
    rooms: names.rooms,
    persons: names.persons,
  };

  return (
    <EditDialog
      kind="rule"
      addition={rule}
      value={() => ruleOf(form)}
      name={t("rules.called", { ruling: t(`rules.${form.ruling}`) })}
      dirty={dirty}
      keys={KEYS}
      onClose={onClose}
      onDone={onDone}
    >
      {({ at }) => {
        const chips = (list: List) => (
          <Chips
            label={t(`rule.${list}`)}
            hint={t(`rule.${list}Hint`)}
            error={at(list)}
            values={form[list]}
            known={known[list]}
            onChange={(values) => put({ [list]: values })}
          />
        );
        return (
          <>
            <SelectField
              label={t("rule.then")}
              value={form.ruling}
              options={RULINGS.map((value) => ({ value, label: t(`rules.${value}`) }))}
              onChange={(event) => put({ ruling: event.target.value as Ruling })}
            />
            <p className="hint">{t("rule.patterns")}</p>
            <fieldset className="stack tools-parts">
              <legend>{t("rule.what")}</legend>
              {chips("devices")}
              {chips("domains")}
              {chips("verbs")}
              {chips("tools")}
            </fieldset>
            <fieldset className="stack tools-parts">
              <legend>{t("rule.who")}</legend>
              {chips("rooms")}
              {chips("persons")}
            </fieldset>
            <fieldset className="stack tools-parts">
              <legend>{t("rule.when")}</legend>
              <div className="tools-pair">
                <TextField
                  label={t("rule.from")}
                  type="time"
                  value={form.from}
                  error={at("hours")}
                  onChange={(event) => put({ from: event.target.value })}
                />
                <TextField
                  label={t("rule.until")}
                  hint={form.from && form.until && form.from >= form.until ? t("rule.night") : ""}
                  type="time"
                  value={form.until}
                  onChange={(event) => put({ until: event.target.value })}
                />
              </div>
              <fieldset className="row tools-days" aria-label={t("rule.weekdays")}>
                {DAYS.map((day) => (
                  <button
                    key={day}
                    type="button"
                    className="tools-chip"
                    aria-pressed={form.weekdays.includes(day)}
                    title={dayName(day, i18n.language, "long")}
                    onClick={() =>
                      put({
                        weekdays: form.weekdays.includes(day)
                          ? form.weekdays.filter((one) => one !== day)
                          : [...form.weekdays, day],
                      })
                    }
                  >
                    {dayName(day, i18n.language)}
                  </button>
                ))}
              </fieldset>
              <p className="hint">{t("rule.weekdaysHint")}</p>
            </fieldset>
            {form.ruling === "refuse" && (
              <TextField
                label={t("rule.words")}
                hint={t("rule.wordsHint")}
                maxLength={300}
                value={form.words}
                error={at("words")}
                onChange={(event) => put({ words: event.target.value })}
              />
            )}
          </>
        );
      }}
    </EditDialog>
  );
}
