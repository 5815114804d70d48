import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Button } from "@/components/Button";
import { SelectField, TextArea, TextField } from "@/components/Field";
import { Switch } from "@/components/Switch";
import { LANGUAGES, type Language, language } from "@/i18n";
import type { Made } from "./api";
import { EditDialog, type Editing } from "./editing";
import { Parameters } from "./Parameters";
import { Rehearsal } from "./Rehearsal";
import { CODES, formOf, missing, type Spoken, type ToolForm, toolOf } from "./tool";

const KEYS = [
  "name",
  "description",
  "topic",
  "payload",
  "parameters",
  "reply_topic",
  "reply_match",
  "result",
  "timeout_s",
  ...CODES.flatMap((code) => [`sentences.${code}`, `answers.${code}`, `questions.${code}`]),
];

/** What stands in double braces would be filled in by the texts themselves. */
const EXAMPLES = {
  hole: "{{ minutes }}",
  mark: "{{ correlation }}",
  value: "{{ value_json.message }}",
  result: "{{ result }}",
};

/** An MQTT tool: made, or changed. */
export function ToolDialog({
  tool,
  onClose,
  onDone,
}: {
  tool: Made<"tool"> | null;
  onClose: () => void;
  onDone: () => void;
}) {
  const { t } = useTranslation("tools");
  const [form, setForm] = useState(() => formOf(tool?.value ?? null));
  const [dirty, setDirty] = useState(false);
  const [tried, setTried] = useState(false);
  const put = (more: Partial<ToolForm>) => {
    setForm({ ...form, ...more });
    setDirty(true);
  };
  const text = (key: "name" | "topic" | "replyTopic" | "replyMatch" | "result" | "timeoutS") => ({
    label: t(`tool.${key}`),
    hint: t(`tool.${key}Hint`, EXAMPLES),
    value: form[key],
    autoCapitalize: "none",
    autoComplete: "off",
    spellCheck: false,
    onChange: (event: { target: { value: string } }) => put({ [key]: event.target.value }),
  });
  const fields = (editing: Editing) => (
    <>
      <TextField {...text("name")} maxLength={48} error={editing.at("name")} />
      <TextArea
        label={t("tool.description")}
        hint={t("tool.descriptionHint")}
        rows={2}
        maxLength={1000}
        value={form.description}
        error={editing.at("description")}
        onChange={(event) => put({ description: event.target.value })}
      />
      <TextField
        {...text("topic")}
        maxLength={1000}
        error={editing.at("topic")}
        onBlur={() => put({ rows: [...form.rows, ...missing(form)] })}
      />
      <TextArea
        label={t("tool.payload")}
        hint={t("tool.payloadHint", EXAMPLES)}
        rows={2}
        maxLength={8192}
        spellCheck={false}
        value={form.payload}
        error={editing.at("payload")}
        onChange={(event) => put({ payload: event.target.value })}
        onBlur={() => put({ rows: [...form.rows, ...missing(form)] })}
      />
      <Parameters
        rows={form.rows}
        onChange={(rows) => put({ rows })}
        errorOf={(name) => editing.at(`parameters.${name}`)}
      />
      <Switch
        label={t("tool.asks")}
        hint={t("tool.asksHint")}
        checked={form.asks}
        onChange={(asks) => put({ asks })}
      />
      <SpokenFields
        spoken={form.spoken}
        asks={form.asks}
        editing={editing}
        onChange={(spoken) => put({ spoken })}
      />
      <details className="tools-parts" open={form.replyTopic !== "" || !!editing.at("reply_topic")}>
        <summary>{t("tool.reply")}</summary>
        <div className="stack">
          <TextField {...text("replyTopic")} maxLength={1000} error={editing.at("reply_topic")} />
          {form.replyTopic.trim() && (
            <>
              <TextField
                {...text("replyMatch")}
                maxLength={200}
                error={editing.at("reply_match")}
              />
              <TextField {...text("result")} maxLength={8192} error={editing.at("result")} />
              <TextField
                {...text("timeoutS")}
                inputMode="decimal"
                error={editing.at("timeout_s")}
              />
            </>
          )}
        </div>
      </details>
      <details className="tools-parts">
        <summary>{t("tool.delivery")}</summary>
        <div className="stack">
          <SelectField
            label={t("tool.qos")}
            value={String(form.qos)}
            options={["0", "1", "2"].map((value) => ({ value, label: t(`tool.qosOf.${value}`) }))}
            onChange={(event) => put({ qos: Number(event.target.value) })}
          />
          <Switch
            label={t("mqtt.retain")}
            hint={t("tool.retainHint")}
            checked={form.retain}
            onChange={(retain) => put({ retain })}
          />
        </div>
      </details>
      <div className="row">
        <Button onClick={() => setTried(true)}>{t("try.draft")}</Button>
        <span className="hint grow">{t("try.text")}</span>
      </div>
    </>
  );
  return (
    <>
      <EditDialog
        kind="tool"
        addition={tool}
        value={() => toolOf(form)}
        name={form.name}
        dirty={dirty}
        keys={KEYS}
        onClose={onClose}
        onDone={onDone}
      >
        {fields}
      </EditDialog>
      {tried && (
        <Rehearsal
          tool={{
            name: form.name,
            parameters: { properties: toolOf(form).parameters },
            draft: toolOf(form),
          }}
          onClose={() => setTried(false)}
        />
      )}
    </>
  );
}

/** What can be said for a tool, one language at a time. */
function SpokenFields({
  spoken,
  asks,
  editing,
  onChange,
}: {
  spoken: Record<Language, Spoken>;
  asks: boolean;
  editing: Editing;
  onChange: (spoken: Record<Language, Spoken>) => void;
}) {
  const { t } = useTranslation("tools");
  const [code, setCode] = useState<Language>(language());
  const wrong = CODES.filter((one) =>
    ["sentences", "answers", "questions"].some((key) => editing.at(`${key}.${one}`)),
  );
  const shown = wrong.length > 0 && !wrong.includes(code) ? (wrong[0] ?? code) : code;
  const field = (key: keyof Spoken, rows: number, error: string) => (
    <TextArea
      label={t(`tool.${key}`)}
      hint={t(`tool.${key}Hint`, EXAMPLES)}
      rows={rows}
      lang={shown}
      maxLength={8192}
      value={spoken[shown][key]}
      error={error}
      onChange={(event) =>
        onChange({ ...spoken, [shown]: { ...spoken[shown], [key]: event.target.value } })
      }
    />
  );
  const filled = CODES.some((one) => spoken[one].sentences || spoken[one].answer);
  return (
    <details className="tools-parts" open={filled || wrong.length > 0}>
      <summary>{t("tool.spoken")}</summary>
      <div className="stack">
        <SelectField
          label={t("frame:language")}
          value={shown}
          options={CODES.map((value) => ({
            value,
            label: `${LANGUAGES[value]}${spoken[value].sentences ? " ✓" : ""}`,
          }))}
          onChange={(event) => {
            editing.clear();
            setCode(event.target.value as Language);
          }}
        />
        {field("sentences", 2, editing.at(`sentences.${shown}`))}
        {field("answer", 2, editing.at(`answers.${shown}`))}
        {asks && field("question", 2, editing.at(`questions.${shown}`))}
      </div>
    </details>
  );
}
