import { useTranslation } from "react-i18next";
import { useFormat } from "@/i18n/format";
import { useLiveItem } from "@/live/live";
import { barsOf, partOf, SILENT_DBFS } from "./levels";
import type { Levels } from "./types";

/** How loud a satellite's microphone hears now, and how loud its room is in silence. */
export function LevelMeter({ satellite }: { satellite: string }) {
  const { t } = useTranslation("satellites");
  const { number } = useFormat();
  const levels = useLiveItem<Levels>("satellite_levels", satellite);
  const level = levels?.level_dbfs;
  if (level == null) return null;
  const noise = levels?.noise_dbfs;
  const inDecibels = (dbfs: number) => `${number(Math.round(dbfs))} dB`;
  return (
    <div className="sat-level">
      <span className="quiet small" aria-hidden="true">
        {t("level")}
      </span>
      <meter
        className="visually-hidden"
        aria-label={t("level")}
        aria-valuetext={inDecibels(level)}
        min={SILENT_DBFS}
        max={0}
        value={level}
      />
      <div className="sat-level-bar" aria-hidden="true">
        <span style={{ transform: `scaleX(${partOf(level)})` }} />
        {noise != null && (
          <i
            style={{ left: `${partOf(noise) * 100}%` }}
            title={t("noise", { level: inDecibels(noise) })}
          />
        )}
      </div>
      <span className="number small" aria-hidden="true">
        {inDecibels(level)}
      </span>
    </div>
  );
}

const BARS = [1, 2, 3, 4];

/** How strong a satellite's Wi-Fi is. Nothing where it is on a cable, or does not tell. */
export function Signal({ satellite }: { satellite: string }) {
  const { t } = useTranslation("satellites");
  const { percent, number } = useFormat();
  const levels = useLiveItem<Levels>("satellite_levels", satellite);
  if (levels?.signal == null) return null;
  const bars = barsOf(levels.signal);
  const told = t("signal", {
    percent: percent(levels.signal),
    dbm: levels.signal_dbm == null ? "–" : number(levels.signal_dbm),
  });
  return (
    <span className="signal" role="img" aria-label={told} title={told}>
      {BARS.map((bar) => (
        <i key={bar} className={bar <= bars ? "on" : ""} style={{ height: `${bar * 25}%` }} />
      ))}
    </span>
  );
}
