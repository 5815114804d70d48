import { useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { ApiProblem, ask } from "@/api/client";
import { attempt } from "@/components/attempt";
import { Button } from "@/components/Button";
import { Card } from "@/components/Card";
import { Progress } from "@/components/Progress";
import { sure } from "@/components/Sure";
import { Switch } from "@/components/Switch";
import { type Restored, when } from "./model";
import { upload } from "./upload";

/** One file with all that the hub keeps, and the way back. */
export function Backup() {
  const { t } = useTranslation("settings");
  const take = () =>
    attempt(async () => {
      await ask("/v1/session"); // the browser fetches the file by itself: it needs a fresh login
      location.assign("/v1/backup");
    });
  return (
    <div className="settings-columns">
      <Card title={t("backup.title")}>
        <p className="quiet">{t("backup.text")}</p>
        <p className="notice warn">{t("backup.secret")}</p>
        <div className="row">
          <Button kind="primary" icon="download" onClick={() => void take()}>
            {t("backup.take")}
          </Button>
        </div>
      </Card>
      <Restore />
    </div>
  );
}

function Restore() {
  const { t, i18n } = useTranslation("settings");
  const [withSettings, setWithSettings] = useState(false);
  const [part, setPart] = useState<number | null | undefined>(undefined);
  const [problem, setProblem] = useState("");
  const [done, setDone] = useState<Restored | null>(null);
  const chosen = useRef<HTMLInputElement>(null);

  const restore = async (file: File) => {
    const question = {
      title: t("restore.sure", { name: file.name }),
      text: t("restore.sureText"),
      action: t("restore.do"),
      danger: true,
    };
    if (!(await sure(question))) return;
    setProblem("");
    setDone(null);
    try {
      await ask("/v1/session");
      const restored = await send(file, false);
      if (restored) setDone(restored);
    } catch (error) {
      setProblem(error instanceof Error ? error.message : String(error));
    }
    setPart(undefined);
  };

  /** Send a backup, and once more where somebody trusts the programs that it runs. */
  const send = async (file: File, trusted: boolean): Promise<Restored | null> => {
    const path = `/v1/restore?settings=${withSettings}&programs=${trusted}`;
    setPart(0);
    try {
      return await upload<Restored>(path, file, (sent) => setPart(sent < 1 ? sent : null));
    } catch (error) {
      if (!(error instanceof ApiProblem) || error.code !== "runs-programs") throw error;
      setPart(undefined);
      const question = {
        title: t("restore.programs"),
        text: t("restore.programsText"),
        lines: error.document.programs as string[],
        action: t("restore.programsDo"),
        danger: true,
      };
      return (await sure(question)) ? send(file, true) : null;
    }
  };
  const outcome =
    done && (["none", "left", "replaced"].includes(done.settings) ? done.settings : "");

  return (
    <Card title={t("restore.title")}>
      <p className="quiet">{t("restore.text")}</p>
      <Switch
        label={t("restore.settings")}
        hint={t("restore.settingsHint")}
        checked={withSettings}
        onChange={setWithSettings}
      />
      {problem && (
        <p className="notice" role="alert">
          {problem}
        </p>
      )}
      {done && (
        <div className="notice good" role="status">
          <p>
            {t("restore.done", { when: when(done.made, i18n.language), version: done.version })}
          </p>
          {outcome ? <p>{t(`restore.outcome.${outcome}`)}</p> : <p>{done.settings}</p>}
        </div>
      )}
      {part !== undefined && (
        <Progress label={t(part === null ? "restore.checking" : "restore.sending")} part={part} />
      )}
      <div className="row">
        <Button icon="upload" disabled={part !== undefined} onClick={() => chosen.current?.click()}>
          {t("restore.choose")}
        </Button>
        <input
          ref={chosen}
          type="file"
          accept=".gz,application/gzip"
          hidden
          data-restore
          onChange={(event) => {
            const file = event.target.files?.[0];
            event.target.value = "";
            if (file) void restore(file);
          }}
        />
      </div>
    </Card>
  );
}
