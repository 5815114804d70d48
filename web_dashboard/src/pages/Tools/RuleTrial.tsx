import { type FormEvent, useState } from "react";
import { useTranslation } from "react-i18next";
import { Badge } from "@/components/Badge";
import { Button } from "@/components/Button";
import { Card } from "@/components/Card";
import { SelectField, TextField } from "@/components/Field";
import { Told } from "@/components/Told";
import { type Made, type PolicyTried, tryPolicy } from "./api";
import { useNames } from "./names";

const TONES = { allow: "good", confirm: "warn", refuse: "bad" } as const;

/** Asks the rules about something that nobody does. */
export function RuleTrial({ own }: { own: readonly Made<"rule">[] }) {
  const { t } = useTranslation("tools");
  const names = useNames();
  const [device, setDevice] = useState("");
  const [verb, setVerb] = useState("");
  const [room, setRoom] = useState("");
  const [person, setPerson] = useState("");
  const [at, setAt] = useState("");
  const [result, setResult] = useState<PolicyTried | null>(null);
  const [problem, setProblem] = useState("");
  const [busy, setBusy] = useState(false);
  const devices = names.devices.filter((one) => one.verbs.length > 0);
  const chosen = devices.find((one) => one.id === device);

  const submit = async (event: FormEvent) => {
    event.preventDefault();
    setBusy(true);
    setProblem("");
    setResult(null);
    try {
      const moment = at ? new Date(at).toISOString() : null;
      setResult(await tryPolicy({ device, verb, tool: "", room, person, at: moment }));
    } catch (error) {
      setProblem(error instanceof Error ? error.message : String(error));
    }
    setBusy(false);
  };
  const which = () => {
    if (!result) return "";
    const number = own.findIndex((one) => one.id === result.id) + 1;
    if (number > 0) return t("rules.trial.own", { number });
    if (result.number !== null) return t("rules.trial.file", { number: result.number + 1 });
    return t("rules.trial.none");
  };

  return (
    <Card title={t("rules.trial.title")}>
      <form className="stack" onSubmit={submit}>
        <div className="tools-pair">
          <SelectField
            label={t("rules.trial.device")}
            value={device}
            options={[
              { value: "", label: t("when.choose") },
              ...devices.map((one) => ({ value: one.id, label: one.name })),
            ]}
            onChange={(event) => {
              setDevice(event.target.value);
              const verbs = devices.find((one) => one.id === event.target.value)?.verbs ?? [];
              setVerb(verbs.includes(verb) ? verb : (verbs[0] ?? ""));
              setResult(null);
            }}
          />
          <SelectField
            label={t("rules.trial.verb")}
            value={verb}
            disabled={!chosen}
            options={(chosen?.verbs ?? []).map((value) => ({ value, label: value }))}
            onChange={(event) => setVerb(event.target.value)}
          />
        </div>
        <div className="tools-pair">
          <SelectField
            label={t("rules.trial.room")}
            value={room}
            options={[
              { value: "", label: t("rules.trial.unknown") },
              ...names.rooms.map((value) => ({ value, label: value })),
            ]}
            onChange={(event) => setRoom(event.target.value)}
          />
          <SelectField
            label={t("rules.trial.person")}
            value={person}
            options={[
              { value: "", label: t("rules.trial.unknown") },
              ...names.persons.map((value) => ({ value, label: value })),
            ]}
            onChange={(event) => setPerson(event.target.value)}
          />
        </div>
        <div className="tools-pair">
          <TextField
            label={t("rules.trial.at")}
            hint={t("rules.trial.atHint")}
            type="datetime-local"
            value={at}
            onChange={(event) => setAt(event.target.value)}
          />
          <Button type="submit" busy={busy} disabled={!busy && !device}>
            {t("rules.trial.ask")}
          </Button>
        </div>
        <div role="status">
          {result && (
            <p>
              <Badge tone={TONES[result.ruling]}>{t(`rules.${result.ruling}`)}</Badge> {which()}
              {result.words && <span className="quiet"> “{result.words}”</span>}
            </p>
          )}
        </div>
        {problem && (
          <p className="notice" role="alert">
            <Told text={problem} />
          </p>
        )}
      </form>
    </Card>
  );
}
