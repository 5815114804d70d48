import { useState } from "react";
import { useTranslation } from "react-i18next";
import { useResource } from "@/api/useResource";
import { Button } from "@/components/Button";
import { SelectField, TextField } from "@/components/Field";
import { LANGUAGES } from "@/i18n";
import { type Happenings, type Made, tryAutomation } from "./api";
import { EditDialog } from "./editing";
import { useNames } from "./names";
import { useTrial } from "./useTrial";
import { type WhenForm, whenForm, whenOf } from "./when";

const KEYS = ["device", "type", "subtype", "command", "room", "satellite", "language"];

/** An automation: something happens at a device, and something is done. */
export function WhenDialog({
  when,
  onClose,
  onDone,
}: {
  when: Made<"when"> | null;
  onClose: () => void;
  onDone: () => void;
}) {
  const { t } = useTranslation(["tools", "frame"]);
  const happenings = useResource<Happenings>("/v1/happenings");
  const names = useNames();
  const [form, setForm] = useState(() => whenForm(when?.value ?? null));
  const [dirty, setDirty] = useState(false);
  const trial = useTrial(() => tryAutomation(whenOf(form)));
  const put = (more: Partial<WhenForm>) => {
    setForm({ ...form, ...more });
    setDirty(true);
    trial.forget();
  };
  const sources = happenings.data?.items ?? [];
  const wanted = form.device.trim().toLowerCase();
  const source = sources.find((one) =>
    [one.name, one.device].some((it) => it.toLowerCase() === wanted),
  );
  const chosen = source?.kinds.findIndex(
    (kind) => kind.type === form.type && (kind.subtype ?? "") === form.subtype,
  );
  const { text, ok } = trial.result ?? {};
  const said = text ? t(ok ? "when.said" : "when.saidNot", { text }) : t("when.listens");

  return (
    <EditDialog
      kind="when"
      addition={when}
      value={() => whenOf(form)}
      name={form.device}
      dirty={dirty}
      keys={KEYS}
      onClose={onClose}
      onDone={onDone}
    >
      {({ at, clear, fail }) => (
        <>
          <TextField
            label={t("when.device")}
            hint={t(sources.length || happenings.loading ? "when.deviceHint" : "when.noDevices")}
            list="tools-sources"
            maxLength={2000}
            autoComplete="off"
            value={form.device}
            error={at("device")}
            onChange={(event) => put({ device: event.target.value, type: "", subtype: "" })}
          />
          <datalist id="tools-sources">
            {sources.map((one) => (
              <option key={one.device} value={one.name}>
                {one.room}
              </option>
            ))}
          </datalist>
          {source ? (
            <SelectField
              label={t("when.what")}
              error={at("type") || at("subtype")}
              value={String(chosen)}
              options={[
                ...(chosen === -1 ? [{ value: "-1", label: t("when.choose") }] : []),
                ...source.kinds.map((kind, index) => ({
                  value: String(index),
                  label: [kind.subtype, kind.type].filter(Boolean).join(" · "),
                })),
              ]}
              onChange={(event) => {
                const kind = source.kinds[Number(event.target.value)];
                if (kind) put({ type: kind.type, subtype: kind.subtype ?? "" });
              }}
            />
          ) : (
            <div className="tools-pair">
              <TextField
                label={t("when.type")}
                hint={t("when.typeHint")}
                value={form.type}
                error={at("type")}
                onChange={(event) => put({ type: event.target.value })}
              />
              <TextField
                label={t("when.subtype")}
                hint={t("when.subtypeHint")}
                value={form.subtype}
                error={at("subtype")}
                onChange={(event) => put({ subtype: event.target.value })}
              />
            </div>
          )}
          <SelectField
            label={t("when.then")}
            value={form.listen ? "listen" : "command"}
            options={[
              { value: "command", label: t("when.command") },
              { value: "listen", label: t("when.listen") },
            ]}
            onChange={(event) => put({ listen: event.target.value === "listen" })}
          />
          {form.listen ? (
            <SelectField
              label={t("when.satellite")}
              error={at("satellite")}
              value={form.satellite}
              options={[
                { value: "", label: t("when.anySatellite") },
                ...names.satellites.map(({ id, name }) => ({ value: id, label: name })),
                ...(form.satellite && !names.satellites.some((one) => one.id === form.satellite)
                  ? [{ value: form.satellite, label: form.satellite }]
                  : []),
              ]}
              onChange={(event) => put({ satellite: event.target.value })}
            />
          ) : (
            <>
              <TextField
                label={t("when.sentence")}
                hint={t("when.sentenceHint")}
                maxLength={2000}
                lang={form.language || undefined}
                value={form.command}
                error={at("command")}
                onChange={(event) => put({ command: event.target.value })}
              />
              <SelectField
                label={t("frame:language")}
                value={form.language}
                options={[
                  { value: "", label: t("when.homeLanguage") },
                  ...Object.entries(LANGUAGES).map(([value, label]) => ({ value, label })),
                ]}
                onChange={(event) => put({ language: event.target.value })}
              />
            </>
          )}
          {!(form.listen && form.satellite) && (
            <SelectField
              label={t("when.room")}
              error={at("room")}
              value={form.room}
              options={[
                { value: "", label: t("when.anyRoom") },
                ...names.rooms.map((value) => ({ value, label: value })),
                ...(form.room && !names.rooms.includes(form.room)
                  ? [{ value: form.room, label: form.room }]
                  : []),
              ]}
              onChange={(event) => put({ room: event.target.value })}
            />
          )}
          <div className="row">
            <Button
              icon="play"
              busy={trial.trying}
              onClick={() => {
                clear();
                void trial.begin(fail);
              }}
            >
              {t("when.try")}
            </Button>
            <span className="hint grow">{t("when.tryHint")}</span>
          </div>
          <div role="status">{trial.result && <p className="notice plain">{said}</p>}</div>
        </>
      )}
    </EditDialog>
  );
}
