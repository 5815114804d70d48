import { useState } from "react";
import { useTranslation } from "react-i18next";
import { useResource } from "@/api/useResource";
import { atLeast, useSession } from "@/app/session";
import { attempt } from "@/components/attempt";
import { Badge } from "@/components/Badge";
import { Button } from "@/components/Button";
import { Dialog } from "@/components/Dialog";
import { SelectField, TextField } from "@/components/Field";
import { Switch } from "@/components/Switch";
import { ErrorState, Skeleton } from "@/components/states";
import { toast } from "@/components/toasts";
import { formatsNow, useFormat } from "@/i18n/format";
import { useLive } from "@/live/live";
import { useDevice } from "./acts";
import { Controls, Main } from "./Controls";
import {
  type Choice,
  change,
  changesOf,
  type Details,
  type Draft,
  draftOf,
  pathOf,
  takenBack,
} from "./details";
import type { Area } from "./device";
import { stateOf, word } from "./words";

/** All of one device: every control, what it is called, and what it says. */
export function DeviceSheet({ id, onClose }: { id: string | null; onClose: () => void }) {
  const { t } = useTranslation("home");
  const device = useDevice(id ?? "");
  const role = useSession((session) => session.who?.role);
  const { data, problem, again } = useResource<Details>(id === null ? null : pathOf(id));
  const formats = useFormat();
  return (
    <Dialog side open={id !== null} onClose={onClose} title={device?.name ?? data?.name ?? ""}>
      {device && (
        <div className="sheet-controls stack">
          <div className="row">
            <span className="grow">
              {stateOf(t, formats, device)}
              {device.changed && (
                <span className="quiet small block">
                  {t("since", { when: formats.ago(device.changed) })}
                </span>
              )}
            </span>
            <Main device={device} allowed={atLeast(role, "guest")} />
          </div>
          <Controls device={device} allowed={atLeast(role, "guest")} all />
        </div>
      )}
      {data ? (
        <>
          {atLeast(role, "owner") && (
            <Naming key={data.id} details={data} again={again} onSaved={onClose} />
          )}
          <Facts details={data} />
        </>
      ) : problem ? (
        <ErrorState problem={problem} again={again} />
      ) : (
        <Skeleton lines={4} />
      )}
    </Dialog>
  );
}

/** What it is called, where it is, and whether it can be spoken of. */
function Naming({
  details,
  again,
  onSaved,
}: {
  details: Details;
  again: () => void;
  onSaved: () => void;
}) {
  const { t } = useTranslation("home");
  const areas = useLive<Area>("areas");
  // What is typed stays, whatever the hub says meanwhile.
  const [typed, setDraft] = useState<Draft | null>(null);
  const draft = typed ?? draftOf(details);
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState("");
  const changes = changesOf(details, draft);

  /** What is wrong with a name is said beside it, and stays. */
  const save = async (wanted: Partial<Choice>): Promise<boolean> => {
    setBusy(true);
    setProblem("");
    try {
      await change(details.id, wanted);
      return true;
    } catch (error) {
      setProblem(error instanceof Error ? error.message : String(error));
      return false;
    } finally {
      again();
      setBusy(false);
    }
  };
  const saveNames = async () => {
    const back = takenBack(details, changes);
    if (!(await save(changes))) return;
    const undo = () => attempt(() => change(details.id, back).finally(again));
    toast(t("naming.saved"), { undo });
    onSaved();
  };

  const itself = details.told.area ?? t("naming.nowhere");
  return (
    <form
      className="stack"
      onSubmit={(event) => {
        event.preventDefault();
        if (!busy && Object.keys(changes).length > 0) void saveNames();
      }}
    >
      <h3>{t("naming.title")}</h3>
      <TextField
        label={t("naming.name")}
        hint={
          details.sources.name === "device"
            ? undefined
            : t("naming.saysItself", { what: details.told.name })
        }
        maxLength={100}
        placeholder={details.told.name}
        value={draft.name}
        onChange={(event) => setDraft({ ...draft, name: event.target.value })}
      />
      <SelectField
        label={t("naming.room")}
        value={draft.area ?? "*"}
        options={[
          { value: "*", label: t("naming.itself", { where: itself }) },
          { value: "", label: t("noRoom") },
          ...Object.values(areas)
            .map((area) => ({ value: area.id, label: area.name }))
            .sort((one, other) => formatsNow().compare(one.label, other.label)),
        ]}
        onChange={(event) =>
          setDraft({ ...draft, area: event.target.value === "*" ? null : event.target.value })
        }
      />
      <TextField
        label={t("naming.aliases")}
        hint={t("naming.aliasesHint")}
        maxLength={2000}
        value={draft.aliases}
        onChange={(event) => setDraft({ ...draft, aliases: event.target.value })}
      />
      {problem && (
        <p className="notice" role="alert">
          {problem}
        </p>
      )}
      <Button
        kind="primary"
        type="submit"
        busy={busy}
        disabled={!busy && Object.keys(changes).length === 0}
      >
        {t("naming.save")}
      </Button>
      <Switch
        label={t("naming.exposed")}
        hint={t("naming.exposedHint")}
        checked={details.exposed}
        disabled={busy}
        onChange={(exposed) => void save({ exposed })}
      />
    </form>
  );
}

/** What it says, and who says so. */
function Facts({ details }: { details: Details }) {
  const { t } = useTranslation("home");
  const facts: [string, string][] = [
    [t("facts.kind"), word(t, details.device_class ?? details.kind)],
    [t("facts.id"), details.id],
    [t("facts.itself"), details.told.name],
    [t("facts.program"), details.told.program ?? "–"],
  ];
  const told = Object.entries(details.all_attributes);
  return (
    <details className="device-facts">
      <summary>{t("facts.title")}</summary>
      <dl>
        {[...facts, ...told.map(([name, value]) => [name, written(value)] as const)].map(
          ([name, value]) => (
            <div key={name}>
              <dt>{name}</dt>
              <dd>{value}</dd>
            </div>
          ),
        )}
      </dl>
      <p className="row small quiet">
        {t("facts.sources")}
        {(["name", "area", "aliases", "exposed"] as const).map((what) => (
          <Badge key={what}>
            {t(`facts.of.${what}`)}: {t(`facts.source.${details.sources[what]}`)}
          </Badge>
        ))}
      </p>
    </details>
  );
}

function written(value: unknown): string {
  return Array.isArray(value) ? value.map(String).join(", ") : String(value);
}
