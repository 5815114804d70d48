import { useMemo, useState } from "react";
import { useTranslation } from "react-i18next";
import { useResource } from "@/api/useResource";
import { Badge, type Tone } from "@/components/Badge";
import { Button } from "@/components/Button";
import { Card } from "@/components/Card";
import { SelectField } from "@/components/Field";
import { Search } from "@/components/Search";
import { Empty, ErrorState, Skeleton } from "@/components/states";
import { useFormat } from "@/i18n/format";
import { useLive } from "@/live/live";
import type { Line } from "./api";
import { fitting, textOf } from "./figures";

const LEVELS = ["debug", "info", "warning", "error"] as const;
const TONES: Record<string, Tone> = { warning: "warn", error: "bad", critical: "bad" };
const SHOWN = 200;

/** The last lines of the log, and those that come. */
export function Log() {
  const { t, i18n } = useTranslation("health");
  const format = useFormat();
  const [level, setLevel] = useState<(typeof LEVELS)[number]>("info");
  const [words, setWords] = useState("");
  const [held, setHeld] = useState<Line[] | null>(null);
  const live = useLive<Line & Record<string, unknown>>("log");
  const { data, problem, again } = useResource<Line[]>(`/v1/health/log?level=${level}`);
  const all = useMemo(() => [...(data ?? []), ...Object.values(live)], [data, live]);
  const lines = useMemo(
    () => fitting(held ?? all, level, words).slice(0, SHOWN),
    [held, all, level, words],
  );

  return (
    <Card
      title={t("log.title")}
      actions={
        <Button
          icon={held ? "play" : "pause"}
          aria-pressed={held !== null}
          onClick={() => setHeld(held ? null : all)}
        >
          {t(held ? "log.goOn" : "log.hold")}
        </Button>
      }
    >
      <div className="row log-filter">
        <Search label={t("log.search")} value={words} onChange={setWords} />
        <SelectField
          label={t("log.level")}
          value={level}
          onChange={(event) => setLevel(event.target.value as typeof level)}
          options={LEVELS.map((one) => ({ value: one, label: t(`levels.${one}`) }))}
        />
      </div>
      {i18n.language !== "en" && <p className="quiet small">{t("log.english")}</p>}
      {!data && problem ? (
        <ErrorState problem={problem} again={again} />
      ) : !data ? (
        <Skeleton lines={6} />
      ) : lines.length === 0 ? (
        <Empty title={t("log.none")} text={words ? t("log.noneFits") : t("log.noneText")} />
      ) : (
        // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls is reached by the keyboard.
        <div className="log" tabIndex={0} role="log" aria-live="off" aria-label={t("log.title")}>
          {lines.map((line) => (
            <div key={line.number} className={`log-line ${line.level}`}>
              <time dateTime={line.at}>{format.dateTime(line.at)}</time>
              <Badge tone={TONES[line.level] ?? "plain"}>
                {t(`levels.${line.level}`, line.level)}
              </Badge>
              <span className="words" lang="en">
                {textOf(line)}
              </span>
            </div>
          ))}
        </div>
      )}
    </Card>
  );
}
