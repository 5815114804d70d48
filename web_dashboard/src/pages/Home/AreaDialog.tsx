import { useId, useState } from "react";
import { useTranslation } from "react-i18next";
import { ApiProblem } from "@/api/client";
import { call } from "@/api/typed";
import { attempt as tried } from "@/components/attempt";
import { Button } from "@/components/Button";
import { Dialog } from "@/components/Dialog";
import { TextField } from "@/components/Field";
import { sure } from "@/components/Sure";
import { toast } from "@/components/toasts";
import { useLive } from "@/live/live";
import { namesOf } from "./details";
import type { Area } from "./device";

const pathOf = (area: Area) => ({ path: { area_id: area.id } });

/** A room: made, renamed, put on a floor or removed. */
export function AreaDialog({ area, onClose }: { area: Area | "new"; onClose: () => void }) {
  const { t } = useTranslation("home");
  const isNew = area === "new";
  const [name, setName] = useState(isNew ? "" : area.name);
  const [aliases, setAliases] = useState(isNew ? "" : area.aliases.join(", "));
  const [floor, setFloor] = useState(isNew ? "" : (area.floor ?? ""));
  const floors = [...new Set(Object.values(useLive<Area>("areas")).map((one) => one.floor))];
  const known = useId();
  const [problem, setProblem] = useState("");
  const [busy, setBusy] = useState(false);

  const attempt = async (
    work: () => Promise<unknown>,
    done: string,
    undo?: () => Promise<unknown>,
  ) => {
    setBusy(true);
    try {
      await work();
      toast(done, undo ? { undo: () => tried(undo) } : {});
      onClose();
    } catch (error) {
      const words = error instanceof Error ? error.message : String(error);
      if (error instanceof ApiProblem) setProblem(words);
      else toast(words, { kind: "bad" });
    }
    setBusy(false);
  };
  const save = () => {
    const json = { name: name.trim(), aliases: namesOf(aliases), floor: floor.trim() };
    const words = { name: name.trim() };
    if (isNew) {
      void attempt(() => call("post", "/v1/areas", { json }), t("area.made", words));
      return;
    }
    const change = (values: object) => () =>
      call("patch", "/v1/areas/{area_id}", { ...pathOf(area), json: values });
    const before = { name: area.name, aliases: area.aliases, floor: area.floor ?? "" };
    void attempt(change(json), t("area.saved", words), change(before));
  };
  const remove = async () => {
    if (isNew) return;
    const title = t("area.removeTitle", { name: area.name });
    const text = t("area.removeText");
    if (!(await sure({ title, text, action: t("area.remove"), danger: true }))) return;
    void attempt(
      () => call("delete", "/v1/areas/{area_id}", pathOf(area)),
      t("area.removed", { name: area.name }),
    );
  };

  return (
    <Dialog
      open
      onClose={onClose}
      title={isNew ? t("addRoom") : t("editRoom", { name: area.name })}
      actions={
        <>
          {!isNew && (
            <Button kind="danger" icon="trash" disabled={busy} onClick={() => void remove()}>
              {t("area.remove")}
            </Button>
          )}
          <Button kind="primary" busy={busy} disabled={!busy && !name.trim()} onClick={save}>
            {t(isNew ? "area.make" : "naming.save")}
          </Button>
        </>
      }
    >
      <div className="stack">
        <TextField
          label={t("naming.name")}
          maxLength={100}
          value={name}
          error={problem}
          onChange={(event) => {
            setName(event.target.value);
            setProblem("");
          }}
          onKeyDown={(event) => event.key === "Enter" && name.trim() && !busy && save()}
        />
        <TextField
          label={t("naming.aliases")}
          hint={t("naming.aliasesHint")}
          maxLength={2000}
          value={aliases}
          onChange={(event) => setAliases(event.target.value)}
        />
        <TextField
          label={t("area.floor")}
          hint={t("area.floorHint")}
          maxLength={100}
          list={known}
          value={floor}
          onChange={(event) => setFloor(event.target.value)}
        />
        <datalist id={known}>
          {floors.map((one) => one && <option key={one} value={one} />)}
        </datalist>
      </div>
    </Dialog>
  );
}
