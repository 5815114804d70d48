import { useMemo, useState } from "react";
import { useTranslation } from "react-i18next";
import { attempt } from "@/components/attempt";
import { Badge } from "@/components/Badge";
import { Button, IconButton } from "@/components/Button";
import { Card } from "@/components/Card";
import { TextField } from "@/components/Field";
import { Progress } from "@/components/Progress";
import { Search } from "@/components/Search";
import { sure } from "@/components/Sure";
import { Empty } from "@/components/states";
import { Told } from "@/components/Told";
import { useFormat } from "@/i18n/format";
import { hubSays } from "@/i18n/hub";
import { useLive } from "@/live/live";
import { cancelDownload, type Download, fetchModel, type ModelList, removeModel } from "./api";
import { fitting, isOver, part } from "./models";

/** The models: which are here, fetching others with their progress, removing some. */
export function Models({ list, again }: { list: ModelList; again: () => void }) {
  const { t } = useTranslation("engines");
  const format = useFormat();
  const live = useLive<Download & Record<string, unknown>>("downloads");
  const [words, setWords] = useState("");
  const [all, setAll] = useState(false);
  const [named, setNamed] = useState("");
  const shown = useMemo(
    () => fitting(list.items, words, all, live),
    [list.items, words, all, live],
  );

  const fetch = (model: string) => attempt(() => fetchModel(model));
  const remove = async (model: string, bytes: number | null) => {
    const yes = await sure({
      title: t("remove.title", { model }),
      text: t("remove.text", { size: bytes ? format.bytes(bytes) : "?" }),
      action: t("remove.action"),
      danger: true,
    });
    if (!yes) return;
    await attempt(() => removeModel(model), {
      done: t("remove.done", { model }),
      undo: () => fetchModel(model),
    });
    again();
  };

  return (
    <Card
      title={t("models.title")}
      actions={
        <Button icon="refresh" kind="quiet" onClick={again}>
          {t("models.again")}
        </Button>
      }
    >
      <p className="quiet small">
        {list.folder}
        {list.free_bytes != null &&
          ` · ${t("models.free", { size: format.bytes(list.free_bytes) })}`}
      </p>
      {list.offline && <p className="notice warn">{t("models.offline")}</p>}
      <div className="row">
        <Search label={t("models.search")} value={words} onChange={setWords} />
        <Button aria-pressed={all} onClick={() => setAll(!all)}>
          {t(all ? "models.fewer" : "models.all")}
        </Button>
      </div>
      {shown.length === 0 ? (
        <Empty icon="download" title={t("models.none")} text={t("models.noneText")} />
      ) : (
        <ul className="lines" aria-label={t("models.title")}>
          {shown.map((model) => {
            const download = live[model.name] ?? model.download ?? undefined;
            const comes = download !== undefined && !isOver(download.step);
            const here = model.here || download?.step === "done";
            return (
              <li key={model.name} className="model">
                <div className="row">
                  <div className="grow">
                    <strong className="name">{model.name}</strong>{" "}
                    {here && <Badge tone="good">{t("models.here")}</Badge>}{" "}
                    {model.used && <Badge tone="accent">{t("models.used")}</Badge>}{" "}
                    {here && !model.checked && <Badge tone="warn">{t("models.unchecked")}</Badge>}
                    <div className="quiet small">
                      {model.purpose}
                      {model.size_bytes != null && ` · ${format.bytes(model.size_bytes)}`}
                    </div>
                  </div>
                  {comes ? (
                    <IconButton
                      icon="close"
                      label={t("models.cancel", { model: model.name })}
                      onClick={() => void attempt(() => cancelDownload(model.name))}
                    />
                  ) : here ? (
                    <IconButton
                      icon="trash"
                      label={t("models.remove", { model: model.name })}
                      onClick={() => void remove(model.name, model.size_bytes ?? null)}
                    />
                  ) : (
                    <Button
                      icon="download"
                      disabled={list.offline}
                      onClick={() => void fetch(model.name)}
                      aria-label={t("models.fetchIt", { model: model.name })}
                    >
                      {t("models.fetch")}
                    </Button>
                  )}
                </div>
                {comes && (
                  <Progress
                    part={part(download)}
                    label={
                      <>
                        {t(`steps.${download.step}`)}
                        {download.total_bytes != null &&
                          ` · ${format.bytes(download.done_bytes ?? 0)} / ${format.bytes(download.total_bytes)}`}
                        {download.bytes_per_s != null &&
                          ` · ${format.bytes(download.bytes_per_s)}/s`}
                      </>
                    }
                  />
                )}
                {download?.step === "failed" && !model.here && (
                  <p className="notice" role="alert">
                    <Told text={hubSays(download.problem ?? "", download.words)} />
                  </p>
                )}
              </li>
            );
          })}
        </ul>
      )}
      <form
        className="row"
        onSubmit={(event) => {
          event.preventDefault();
          if (named.trim()) void fetch(named.trim()).then((done) => done && setNamed(""));
        }}
      >
        <div className="grow">
          <TextField
            label={t("models.named")}
            hint={t("models.namedHint")}
            value={named}
            maxLength={200}
            onChange={(event) => setNamed(event.target.value)}
          />
        </div>
        <Button type="submit" icon="download" disabled={!named.trim() || list.offline}>
          {t("models.fetch")}
        </Button>
      </form>
      {list.ollama && (
        <p className="quiet small">
          <Told text={t("models.ollama", { why: hubSays(list.ollama, list.words) })} />
        </p>
      )}
    </Card>
  );
}
