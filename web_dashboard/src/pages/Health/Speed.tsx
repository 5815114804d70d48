import { useMemo, useState } from "react";
import { useTranslation } from "react-i18next";
import { ApiProblem } from "@/api/client";
import { hubNow } from "@/api/clock";
import { useResource } from "@/api/useResource";
import { Card } from "@/components/Card";
import { SelectField } from "@/components/Field";
import { Plot } from "@/components/Plot";
import { Empty, ErrorState, Skeleton } from "@/components/states";
import { useFormat } from "@/i18n/format";
import { type Latency, latencyPath, RANGES, type Range } from "./api";
import { percentiles, stagesOf } from "./figures";

/** How fast turns were: percentiles over time, by stage. */
export function Speed() {
  const { t } = useTranslation("health");
  const format = useFormat();
  const [range, setRange] = useState<Range>("day");
  const path = useMemo(() => latencyPath(range, hubNow()), [range]);
  const { data, problem, again } = useResource<Latency>(path);
  const stages = useMemo(() => (data ? stagesOf(data) : []), [data]);
  const [wanted, setWanted] = useState("response");
  const stage = stages.includes(wanted) ? wanted : (stages[0] ?? "response");
  const points = useMemo(() => (data ? percentiles(data, stage) : null), [data, stage]);
  const name = (one: string) => t(`stages.${one}`, one);
  const total = data?.total[stage];

  return (
    <Card title={t("speed.title")}>
      <p className="quiet">{t("speed.text")}</p>
      <div className="row speed-choice">
        <SelectField
          label={t("speed.range")}
          value={range}
          onChange={(event) => setRange(event.target.value as Range)}
          options={Object.keys(RANGES).map((one) => ({
            value: one,
            label: t(`speed.ranges.${one}`),
          }))}
        />
        {stages.length > 0 && (
          <SelectField
            label={t("speed.stage")}
            value={stage}
            onChange={(event) => setWanted(event.target.value)}
            options={stages.map((one) => ({ value: one, label: name(one) }))}
          />
        )}
      </div>
      {problem instanceof ApiProblem && problem.status === 404 ? (
        <Empty icon="health" title={t("speed.none")} text={t("speed.noneText")} />
      ) : problem ? (
        <ErrorState problem={problem} again={again} />
      ) : !data || !points ? (
        <Skeleton lines={2} tall />
      ) : data.turns === 0 || stages.length === 0 ? (
        <Empty icon="health" title={t("speed.none")} text={t("speed.noneText")} />
      ) : (
        <>
          {total && (
            <p>
              {t("speed.total", {
                count: total.count,
                p50: format.duration(total.p50_ms),
                p95: format.duration(total.p95_ms),
              })}
            </p>
          )}
          <Plot
            title={name(stage)}
            format={format.duration}
            series={[
              { name: t("speed.p50"), points: points.p50 },
              { name: t("speed.p95"), points: points.p95 },
            ]}
          />
        </>
      )}
    </Card>
  );
}
